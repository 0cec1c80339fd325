/** What a desk does besides reading figures: takes over alerts, handles feedback. */

import type {
  Callee,
  DocumentId,
  Handling,
  Language,
  Need,
  OrganisationId,
  Outcome,
} from '../model.ts'

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
}

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
  alerts(): Promise<DeskAlert[]>
  acknowledge(alert: DocumentId, note: string, outcome: Outcome | null): Promise<void>
  feedback(): Promise<DeskFeedback[]>
  handle(
    feedback: DocumentId,
    step: { handling: Handling; note: string; reply?: string },
  ): Promise<void>
}
