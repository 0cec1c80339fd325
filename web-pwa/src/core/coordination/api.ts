/** What an enrolled desk may ask the server, and what it answers. */

import type { Enrolling, Invited } from '../shared/invitation.ts'
import type { FailureCode } from '../shared/failure.ts'
import type { Configuration, Member } from '../shared/member.ts'
import type * as api from '../shared/generated/api.ts'
import type {
  DocumentId,
  NightDate,
  OrganisationId,
  Outcome,
  RecordId,
  Role,
} from '../shared/model.ts'

export interface Invitation extends api.Invitation {
  /** The whole link, for copying. */
  link: string
}

/** So many of at most so many; without `most` there is no limit. */
export interface Share {
  documents: number
  most: number | null
}

/** A device, and how much of their day it and its organisation have used. */
export interface DeviceRow extends Omit<api.Device, 'id' | 'today'> {
  device: string
  today: { device: Share; organisation: Share }
}

/** What the server lists of more: the first rows, and how many there are. */
export interface Listed<Row> {
  rows: Row[]
  /** In all; `null`: more than there are rows, nobody has counted them. */
  all: number | null
}

/** Alerts, those that nobody has heard first, and how many those are. */
export type DeskAlerts = Omit<api.Alerts, 'more' | 'alerts'> & { alerts: Listed<api.AlertEntry> }

/** What became of a team key that was announced. */
export interface Announced {
  /** The fingerprint that stands now. */
  stands: string
  /** Whether the announced one takes its place once a second person confirms it. */
  waits: boolean
}

/** What became of an order: it was begun, or waits for a second person. */
export type Ordered = 'begun' | 'waits'

/** The server's routes. Methods reject with a `Failure`. */
export interface CoordinationApi {
  signIn(): Promise<void>
  signOut(): Promise<void>
  me(): Promise<Omit<Configuration, 'read_at'> & { role: Role }>
  /**
   * Listens to news: `news` on each, `state` when the connection opens, breaks
   * (and is tried again) or ends for good. Returns how to stop.
   */
  listen(news: () => void, state: (state: 'open' | 'broken' | 'ended') => void): () => void

  /** `null`: the present period. */
  estimate(period: NightDate | null): Promise<api.EstimateReport>
  people(period: NightDate | null): Promise<api.PeopleReport>
  periods(count: number): Promise<api.PeriodLine[]>
  incoming(limit: number): Promise<api.IncomingLine[]>

  draw(): Promise<api.Draw>
  /** Rejects with `already_drawn`, `nothing_to_draw`. */
  drawPlaces(count: number): Promise<api.Draw>

  alerts(): Promise<DeskAlerts>
  /** Tells the worker that a person has the alert; an outcome closes it. */
  acknowledge(alert: DocumentId, note: string, outcome: Outcome | null): Promise<void>
  feedback(): Promise<Listed<api.View>>
  handle(feedback: DocumentId, step: api.StepRequest): Promise<void>
  proposals(): Promise<Listed<api.ProposalEntry>>
  decide(place: DocumentId, proposal: RecordId, decision: api.Decision): Promise<void>
  quarantine(): Promise<Listed<api.QuarantineEntry>>
  /** Lets a refused change in after all, or throws it away. Rejects with `still_refused`. */
  settleQuarantined(id: number, what: 'release' | 'discard'): Promise<void>
  /** Who did what with a document, the newest first; passes over `from` of them. */
  history(document: DocumentId, from: number): Promise<Listed<api.HistoryEntry>>

  devices(): Promise<DeviceRow[]>
  invite(role: Role, organisation: OrganisationId, label: string): Promise<Invitation>
  revoke(device: string): Promise<void>
  putTeamKey(fingerprint: string, replace: boolean): Promise<Announced>
  acts(): Promise<api.PendingAct[]>
  settleAct(id: number, what: 'confirm' | 'withdraw'): Promise<void>
  /** Why retention stands still; `null` while it runs. */
  retention(): Promise<api.Stop | null>
  /** `anew`: all that is there counts as received now, for a clock that was behind. */
  letRetentionGoOn(anew: boolean): Promise<void>
  /** `since`: RFC 3339. */
  previewUndo(device: string, since: string): Promise<api.UndoPreview>
  undoDevice(device: string, since: string, quarantine: boolean): Promise<Ordered>
  undos(): Promise<Listed<api.Undo>>
  takeBackUndo(id: number): Promise<Ordered>
}

/** Whether there is a desk here, and why not. */
export type CoordinationPhase =
  | { phase: 'starting' }
  /** This browser is nobody yet. */
  | { phase: 'not_enrolled' }
  | Invited
  | Enrolling
  /** Enrolled, but in a role that may not coordinate. */
  | { phase: 'forbidden' }
  | { phase: 'ready' }
  /** Revoked. */
  | { phase: 'erased' }
  /** Somebody signed out here; the browser is still enrolled. */
  | { phase: 'signed_out' }
  /** Nothing has been read yet, because the server cannot be reached. */
  | { phase: 'unreachable'; code: FailureCode }

/** What the whole desk knows; the rest is read by its pages. */
export interface SessionSnapshot {
  state: CoordinationPhase
  member: Member | null
  organisations: api.Organisation[]
  districts: api.District[]
  drawn_places: number
  /** The fingerprint of the team key that is in use. */
  team_key: string | null
  /** How the desk learns of news. */
  live: 'live' | 'polling' | 'offline'
  /** When the server last answered, in ms since 1970, from the time it no longer does. */
  no_contact_since: number | null
  update_ready: boolean
}
