/** What a desk does besides reading figures: takes over alerts, handles feedback. */

import type {
  Callee,
  DeviceId,
  DocumentId,
  Handling,
  Language,
  Need,
  OrganisationId,
  Outcome,
  RecordId,
} from '../shared/model.ts'

export interface DeskAlert {
  id: DocumentId
  organisation: { id: OrganisationId; name: string }
  category: Need
  /** RFC 3339, as all times here. */
  opened: string
  place_name: string | null
  district: string | null
  note: string
  calls: { to: Callee; at: string; answered_by: string }[]
  acknowledgements: { at: string; note: string }[]
  outcome: Outcome
  closed: string | null
  /** Taken back by who raised it. */
  withdrawn: boolean
}

/** Alerts, those that nobody has heard first, and how many those are. */
export interface DeskAlerts {
  alerts: DeskAlert[]
  unheard: number
  /** Phones that raised very many of them. */
  floods: {
    device: DeviceId
    organisation: { id: OrganisationId; name: string }
    unheard: number
  }[]
}

export const PROPOSAL_ABOUTS = [
  'name',
  'place_type',
  'district',
  'position',
  'exact',
  'same_as',
  'withdrawn',
  'note',
] as const

/** What somebody proposes for a place that only a coordinator may change so. */
export interface DeskProposal {
  place: DocumentId
  proposal: RecordId
  place_name: string
  /** Whose place it is. */
  organisation: { id: OrganisationId; name: string }
  about: (typeof PROPOSAL_ABOUTS)[number]
  value: string
  /** For `same_as`: what the other place is called. */
  value_name: string | null
  reason: string
  at: string
}

export type ProposalDecision = 'accepted' | 'declined'

export interface DeskFeedback {
  id: DocumentId
  text: string
  language: Language
  about: OrganisationId | null
  /** The noon before it came. */
  at: string
  steps: { handling: Handling; at: string; note: string }[]
  reply: string
}

/** What became of a key that was announced. */
export interface Announced {
  /** The fingerprint that stands now. */
  stands: string
  /** Whether the announced one takes its place once a second person confirms it. */
  waits: boolean
}

/** The server's routes for it. */
export interface ServiceApi {
  putTeamKey(fingerprint: string, replace: boolean): Promise<Announced>
  alerts(): Promise<DeskAlerts>
  acknowledge(alert: DocumentId, note: string, outcome: Outcome | null): Promise<void>
  feedback(): Promise<DeskFeedback[]>
  proposals(): Promise<DeskProposal[]>
  decide(place: DocumentId, proposal: RecordId, decision: ProposalDecision): Promise<void>
  handle(
    feedback: DocumentId,
    step: { handling: Handling; note: string; reply?: string },
  ): Promise<void>
}
