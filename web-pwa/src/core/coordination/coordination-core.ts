/**
 * The API beneath the coordination face (`/samordning`). It reads the server
 * over HTTP and keeps itself fresh: live by server-sent events, by polling
 * when those fail. Same rules as `FieldCore`: immutable snapshot, `subscribe`,
 * actions reject with a `Failure`.
 */

import type { FailureCode } from '../shared/failure.ts'
import type { Member } from '../shared/member.ts'
import type { DecidingApi, Right } from './deciding.ts'
import type { HistoryApi } from './history.ts'
import type { DeskKey } from './desk-key.ts'
import type {
  Announced,
  DeskAlerts,
  DeskFeedback,
  DeskProposal,
  ProposalDecision,
  ServiceApi,
} from './service.ts'
import type { DocumentId, NightDate, OrganisationId, Outcome, Role } from '../shared/model.ts'

/** What the server says: a code, and the values that its sentence names. The texts have the sentences. */
export interface Message {
  code: string
  params: Record<string, number | string>
}
export interface Interval {
  total: number
  low: number
  high: number
}

/** The estimate of one period. */
export interface EstimateReport {
  period: { start: NightDate; end: NightDate; days: number }
  /** RFC 3339. */
  as_of: string
  cursor: number
  /** Seen on a mean night: K, and its split among the people seen. */
  seen: { persons: number; adults: number; children: number; unknown: number }
  coverage: {
    places: number
    visited: number
    partly: number
    not_visited: number
    no_access: number
    seen_empty: number
    previous_share: number | null
  }
  estimate: Interval | null
  refusal: Message | null
  sentence: Message
  upper_scenario: number | null
  warnings: Message[]
  method: MethodReport
  draw: { drawn_at: string | null; places: number; visited: number }
  districts: {
    code: string
    name: string
    places: number
    visited: number
    seen: number
    estimate: Interval | null
    refusal: Message | null
  }[]
}

/** How an average night was estimated. */
export interface MethodReport {
  version: string
  /** SHA-256 over everything that went in. */
  inputs_hash: string
  draw_seed: string | null
  kind:
    | 'all_counted'
    | 'drawn_ratio'
    | 'drawn_ratio_by_age'
    | 'pooled_ratio'
    | 'stratified_expansion'
    | null
  /** In persons. */
  se: number | null
  df: number | null
  /** The ratios by which places that nobody saw whole were filled in. */
  ratios: {
    class: 'recent' | 'ageing' | 'old' | null
    observed: number
    beta: number
    places: number
    drawn_previous: number
    unseen_previous: number
  }[]
  /** Coverage by the size of the previous figure. */
  sizes: { from: number; below: number | null; places: number; visited: number }[]
  previous_total: number
  previous_visited: number
  /** Place-nights that were counted more than once. */
  recounted: number
  stale_places: number
  /** Every reason against an estimate, gravest first. */
  refusals: Message[]
  limits: {
    least_visited_share: number
    least_drawn: number
    most_indirect_share: number
    widest_interval: number
    least_overlap: number
    least_list: number
    widest_strip: number
    longest_period_days: number
  }
  beta: number | null
  phi: number | null
  drawn: number
}

/** The distinct people of a period: another quantity than an average night, never added to it. */
export interface PeopleReport {
  period: { start: NightDate; end: NightDate; days: number }
  /** Met for certain. */
  seen: number
  /** Met without a code or an answer: they may be among those. */
  unlinked: number
  /** Without `high`: at least so many. */
  estimate: {
    total: number
    low: number
    high: number | null
    method: 'pair' | 'average' | 'lower_bound'
  } | null
  refusal: Message | null
  refusals: Message[]
  warnings: Message[]
  sentence: Message
  lists: { organisation: OrganisationId; people: number; used: boolean }[]
  pairs: {
    organisations: [OrganisationId, OrganisationId]
    both: number
    total: number
    low: number
    high: number
  }[]
  /** Models that fit about as well as the best, best first. */
  models: {
    together: [OrganisationId, OrganisationId][]
    total: number
    low: number
    high: number
    delta_bic: number
  }[]
  /** What the figure would be had only the share `found` of the links been found. */
  sensitivity: { found: number; total: number }[]
  version: string
  inputs_hash: string
}

export interface PeriodPoint {
  start: NightDate
  end: NightDate
  /** Seen on a mean night. */
  seen: number
  estimate: Interval | null
  refusal: Message | null
}

/** What came in: when, from whom, how much; never what it holds. */
export interface IncomingRow {
  received_at: string
  organisation: { id: OrganisationId; name: string }
  kind: string
  district: string | null
  changes: number
  late: boolean
}

export interface DrawReport {
  period: { start: NightDate; end: NightDate } | NightDate
  drawn_at: string | null
  seed: string | number | null
  places: { place: DocumentId; name: string; district: string; visited: boolean }[]
}

export interface QuarantineRow {
  id: string | number
  received_at: string
  organisation: OrganisationId | { id: OrganisationId; name: string }
  device: string
  document: DocumentId
  kind: string
  code: string
  detail: string
  bytes: number
}

/** What becomes of a refused change: it is let in after all, or thrown away. */
export type QuarantineSettled = 'release' | 'discard'

export interface Invitation {
  code: string
  expires_at: string
  /** Path and fragment on this server, e.g. `/#enrol=…`. */
  path: string
  /** The whole link, for copying. */
  link: string
}

/** So many of at most so many. */
export interface Share {
  documents: number
  most: number | null
}

export interface DeviceRow {
  device: string
  label: string
  role: Role
  organisation: { id: OrganisationId; name: string }
  enrolled_at: string
  last_seen_at: string | null
  revoked_at: string | null
  /** Documents that it sent today, and its organisation; no `most`: there is no limit. */
  today: { device: Share; organisation: Share }
  /** Whether the one at the desk may disconnect it. */
  may_revoke: boolean
  /** Whether the one at the desk may take back what it said. */
  undo: Right
}

export type CoordinationPhase =
  | { phase: 'starting' }
  /** This browser is nobody yet. */
  | { phase: 'not_enrolled' }
  | { phase: 'enrolling'; failure: { code: FailureCode; retry: boolean } | null }
  /** Enrolled, but in a role that may not coordinate. */
  | { phase: 'forbidden' }
  | { phase: 'ready' }
  /** Revoked. */
  | { phase: 'erased' }
  /** Nothing has been read yet, because the server cannot be reached. */
  | { phase: 'unreachable'; code: FailureCode }

/** A part of the page, read by itself: one that fails does not take the others along. */
export interface Part<T> {
  value: T | null
  /** When `value` was read. */
  read_at: number | null
  problem: FailureCode | null
}

export interface CoordinationSnapshot {
  state: CoordinationPhase
  member: Member | null
  organisations: { id: OrganisationId; name: string }[]
  districts: { code: string; name: string }[]
  drawn_places: number
  /** The fingerprint of the team key that is in use. */
  team_key: string | null
  /** First night of the period that is shown; `null` is the present one. */
  period: NightDate | null
  report: Part<EstimateReport>
  people: Part<PeopleReport>
  periods: Part<PeriodPoint[]>
  incoming: Part<IncomingRow[]>
  draw: Part<DrawReport>
  quarantine: Part<QuarantineRow[]>
  devices: Part<DeviceRow[]>
  alerts: Part<DeskAlerts>
  feedback: Part<DeskFeedback[]>
  proposals: Part<DeskProposal[]>
  /** How the page learns of news. */
  live: 'live' | 'polling' | 'offline'
  update_ready: boolean
}

export interface CoordinationCore {
  readonly snapshot: CoordinationSnapshot
  /** The team key as it stands at this desk. */
  readonly deskKey: DeskKey
  /** What waits for a second person, and taking back what a phone said. */
  readonly deciding: DecidingApi
  /** Who did what with a document. Rejects with `forbidden`, `not_found`. */
  history: HistoryApi['history']
  subscribe(listener: () => void): () => void
  /** Starts listening; called when the face is shown. Gives back how to stop. */
  open(): () => void
  /** Shows another period; `null` for the present one. */
  showPeriod(start: NightDate | null): Promise<void>
  refresh(): Promise<void>
  /** Draws places for the present period. Rejects with `already_drawn`. */
  drawPlaces(count?: number): Promise<void>
  invite(role: Role, organisation: OrganisationId, label?: string): Promise<Invitation>
  revoke(device: string): Promise<void>
  /** Decides about a refused change. Rejects with `still_refused`. */
  settleQuarantined(id: QuarantineRow['id'], what: QuarantineSettled): Promise<void>
  /** Announces a team key by its fingerprint; gives what became of it. */
  putTeamKey(fingerprint: string, replace: boolean): Promise<Announced>
  /** Tells the worker that a person has the alert; an outcome closes it. */
  acknowledge(alert: DocumentId, note: string, outcome: Outcome | null): Promise<void>
  /** Notes what was done about a view or a complaint. */
  handle(feedback: DocumentId, step: Parameters<ServiceApi['handle']>[1]): Promise<void>
  /** Does what is proposed for a place, or not. */
  decide(proposal: DeskProposal, decision: ProposalDecision): Promise<void>
  enrol(code: string, label: string): Promise<void>
  /** Ends the session on the server and forgets it here; the browser stays enrolled. */
  signOut(): Promise<void>
  applyUpdate(): Promise<void>
}
