/**
 * The API beneath the coordination face (`/samordning`). It reads the server
 * over HTTP and keeps itself fresh: live by server-sent events, by polling
 * when those fail. Same rules as `FieldCore`: immutable snapshot, `subscribe`,
 * actions reject with a `Failure`.
 */

import type { FailureCode } from '../shared/failure.ts'
import type { Member } from '../shared/member.ts'
import type * as api from '../shared/generated/api.ts'
import type { DecidingApi } from './deciding.ts'
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

export type Interval = api.Figure
export type {
  EstimateReport,
  Message,
  MethodReport,
  PeopleReport,
} from '../shared/generated/api.ts'
export type PeriodPoint = api.PeriodLine
/** What came in: when, from whom, how much; never what it holds. */
export type IncomingRow = api.IncomingLine
export type DrawReport = api.Draw
export type QuarantineRow = api.QuarantineEntry

/** What becomes of a refused change: it is let in after all, or thrown away. */
export type QuarantineSettled = 'release' | 'discard'

export interface Invitation extends api.Invitation {
  /** The whole link, for copying. */
  link: string
}

/** So many of at most so many. */
export interface Share {
  documents: number
  most: number | null
}

/** A device, and how much of their day it and its organisation have used. */
export interface DeviceRow extends Omit<api.Device, 'id' | 'today'> {
  device: string
  today: { device: Share; organisation: Share }
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
  organisations: api.Organisation[]
  districts: api.District[]
  drawn_places: number
  /** The fingerprint of the team key that is in use. */
  team_key: string | null
  /** First night of the period that is shown; `null` is the present one. */
  period: NightDate | null
  report: Part<api.EstimateReport>
  people: Part<api.PeopleReport>
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
