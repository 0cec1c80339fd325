/**
 * The API between what a person sees (`src/ui`) and everything beneath it.
 *
 * Reading: `snapshot` is an immutable value, replaced (never mutated) at each
 * change; `subscribe` tells when. Page models are pure functions of the
 * snapshot's data and of the time that is passed in, and are memoised: calling
 * them in a `$derived` is cheap. In Svelte: wrap `subscribe` with
 * `createSubscriber` from `svelte/reactivity`, and call it before each read.
 *
 * Doing: every action returns a promise that is settled when the thing is
 * true. `dispatch` resolves after the strict storage transaction has
 * completed, so that "sparat" can be said; it rejects with a {@link Failure}.
 */

import type {
  Access,
  Acknowledgement,
  Alert,
  Basis,
  Call,
  Count,
  Coverage,
  DocumentId,
  Encounter,
  Group,
  Instant,
  Kind,
  NightDate,
  OrganisationId,
  Place,
  PlaceState,
  PlaceType,
  RecordId,
  Role,
  Visit,
} from './model.ts'
import type { Intent, Saved } from './intents.ts'
import type { Conflict } from './wasm-types.ts'

export type { Conflict } from './wasm-types.ts'
export * from './intents.ts'

/** A stable code for each thing that can go wrong; the dictionaries have a sentence for each. */
export const FAILURES = [
  // Enrolment
  'code_unknown',
  'code_used',
  'code_expired',
  'already_enrolled',
  // Reaching the server
  'offline',
  'unreachable',
  'busy',
  'server_full',
  'server_error',
  'token_unknown',
  'device_revoked',
  'signature_wrong',
  'protocol_unknown',
  'too_large',
  'clock_wrong',
  'forbidden',
  'not_found',
  'already_drawn',
  'still_refused',
  'too_many_acts',
  'nothing_to_draw',
  'reply_refused',
  // The phone
  'storage_full',
  'storage_lost',
  'schema_newer',
  'core_crashed',
  'no_leader',
  // The lock
  'locked',
  'passphrase_wrong',
  'passphrase_wait',
  'passphrase_weak',
  'passkey_failed',
  // What the worker asked for
  'invalid',
  'gone',
  'not_ready',
  'unknown',
] as const
export type FailureCode = (typeof FAILURES)[number]

/** What actions reject with. `detail` is for a report, in English, and holds no content. */
export class Failure extends Error {
  readonly code: FailureCode
  readonly detail: string
  constructor(code: FailureCode, detail = '') {
    super(detail === '' ? code : `${code}: ${detail}`)
    this.name = 'Failure'
    this.code = code
    this.detail = detail
  }
}

/** Who this phone is. */
export interface Member {
  device: string
  role: Role
  organisation: { id: OrganisationId; name: string }
  /** What the phone was called when it was enrolled. */
  label: string
}

/** What the server says about the partnership. Kept on the phone, so that it is there offline. */
export interface Configuration {
  organisations: { id: OrganisationId; name: string }[]
  period_days: number
  /** How many places a draw takes. */
  drawn_places: number
  districts: { code: string; name: string }[]
  /** Who to call; `number` as it is to be dialled or read. */
  numbers: { id: string; name_sv: string; name_en: string; number: string }[]
  /** When the phone locks. */
  phones: { idle_minutes: number; hidden_seconds: number; lease_days: number }
  /** The present period; `end` is its last night. */
  period: { start: NightDate; end: NightDate } | null
  /** When it was read from the server; 0 for the defaults that come with the app. */
  read_at: Instant
  /** The fingerprint of the team key that is in use; none before the first was made. */
  team_key?: string | null
  /** What envelopes for the server are sealed with (`platform/envelope.ts`); a server of an older version has none. */
  envelope_key?: string | null
}

/** Where the app stands as a whole. Each is a screen. */
export type Phase =
  /** Reading what is on the phone. Short: nothing is drawn but the frame. */
  | { phase: 'starting' }
  /** This phone is nobody yet: show how to get an invitation. */
  | { phase: 'not_enrolled' }
  /** An invitation is being used, or was refused (`failure`); `retry` says whether trying again can help. */
  | { phase: 'enrolling'; failure: { code: FailureCode; retry: boolean } | null }
  /** No lock is set yet. `before`: the phone was enrolled before there were locks, and holds things; then it can wait. */
  | { phase: 'securing'; before: boolean }
  /** What is stored is sealed, and nobody has opened it. `invited`: a new invitation was opened. */
  | { phase: 'locked'; invited: boolean }
  /** Open, but the server has not been heard from for so long that nothing is shown until it has. */
  | { phase: 'lease'; days: number }
  | { phase: 'ready' }
  /** Another tab leads and does not answer. `takeOver()` makes this tab the one. */
  | { phase: 'elsewhere' }
  /** The browser has thrown away what was stored, on a phone that was enrolled. */
  | { phase: 'evicted' }
  /** The server told this phone to erase itself, and it has. Nothing is left. */
  | { phase: 'erased' }
  /** The browser lacks something the app cannot be without. */
  | { phase: 'unsupported'; lacks: 'wasm' | 'storage' | 'crypto' | 'worker' }
  /** Something broke that `restart()` may mend. */
  | { phase: 'failed'; code: FailureCode; detail: string }

/** What the sync loop knows. Nothing here is guessed: each field states an event that happened. */
export interface SyncState {
  /** What the browser says. `true` does not mean that the server answers. */
  online: boolean
  /** Whether an exchange is under way. */
  busy: boolean
  /** Documents with something that the server has not confirmed. */
  waiting: number
  /** When the oldest unconfirmed thing was saved; `null` when nothing waits. */
  waiting_since: Instant | null
  /** When a reply of the server was last stored on the phone: *mottaget*. */
  received_at: Instant | null
  /** Why the last exchange failed; `null` after one that did not. */
  problem: { code: FailureCode; since: Instant } | null
  /** How far the phone's clock is ahead of the server's, milliseconds; what is saved gets the time without it. */
  clock_error: number
  /** The clock makes no sense, and the server has not been heard from since: the time is guessed. */
  clock_guessed: boolean
  /** The phone lay closed for long and has not reached the server since: its clock may be wrong. */
  clock_doubted: boolean
  /**
   * As `received_at`, to be held against the phone's clock as it goes now: what its lease runs
   * from. While the time is guessed, what that clock said then.
   */
  heard_at: Instant | null
  /** When the next try is due; `null` when none is planned. */
  next_at: Instant | null
  /** Why the server takes some of what waits later; `null` when it has not put anything off. */
  later: string | null
  /** Things that the server refused; they stay on the phone. */
  rejected: { document: DocumentId; code: string; detail: string }[]
}

/** The phone's storage, as far as the browser tells. */
export interface StorageState {
  /** `true` when the browser promised to keep it; `null` when it cannot say. */
  persisted: boolean | null
  /** Bytes used and allowed. */
  used: number | null
  quota: number | null
}

/** What waits for the server. Lies unsealed, so that a locked phone can say what would be lost. */
export interface Waiting {
  documents: number
  since: Instant | null
}

/** The same, and how it stands with the envelope, if that holds all of it. */
export interface Left extends Waiting {
  envelope: { sent_at: Instant | null } | null
}

/** What is known of the lock, also while it is closed. */
export interface LockView {
  /** Whether what is stored is sealed. */
  set: boolean
  /** Whether a passkey opens it. */
  passkey: boolean
  /** Whether this browser may have one. */
  can_passkey: boolean
  /** No attempt is taken before this. */
  wait_until: Instant | null
  /** What the server has not got: lost if the phone is erased. */
  waiting: Left
  made_at: Instant | null
}

/** What can be done about the lock. */
export interface LockCore {
  /** Sets the lock. Rejects with `passphrase_weak`. */
  secure(passphrase: string): Promise<void>
  /** Goes on without a lock, this once. */
  postpone(): Promise<void>
  /** Rejects with `passphrase_wrong` or `passphrase_wait`. */
  unlock(passphrase: string): Promise<void>
  /** Rejects with `passkey_failed`. */
  unlockByPasskey(): Promise<void>
  lockNow(): Promise<void>
  /** Rejects with `passphrase_wrong`, `passphrase_wait` or `passkey_failed`. */
  addPasskey(passphrase: string): Promise<void>
  removePasskey(): Promise<void>
  /** Rejects with `passphrase_wrong`, `passphrase_wait` or `passphrase_weak`. */
  change(from: string, to: string): Promise<void>
  /** Erases everything, locked as it is, and uses the invitation that was opened, if there is one. */
  forget(): Promise<void>
}

/** A position, coarse or fine, as the phone last gave it. */
export interface Position {
  latitude: number
  longitude: number
  /** Metres. */
  accuracy: number
  at: Instant
}

/** The whole of what the UI can read without asking for a page model. */
export interface Snapshot {
  state: Phase
  member: Member | null
  /** Never `null`: before the first contact, defaults that come with the app (districts, numbers). */
  configuration: Configuration
  sync: SyncState
  storage: StorageState
  lock: LockView
  /** `null` until `locate()` succeeded. */
  position: Position | null
  /** A new version waits; `applyUpdate()` reloads every tab. Offer it between visits only. */
  update_ready: boolean
  /** Whether this tab writes itself (else it passes on to the tab that does). */
  leader: boolean
  /** Increases at each change of documents, coverage or draw. */
  revision: number
}

/** A place as a row in a list. */
export interface PlaceRow {
  place: DocumentId
  name: string
  place_type: PlaceType
  district: string
  /** The district's name, from the configuration; the code when unknown. */
  district_name: string
  state: PlaceState
  /** Metres from the phone; `null` without either position. */
  distance: number | null
  /** Drawn in the present period. */
  drawn: boolean
  /** Visited tonight, by anybody we know of. */
  visited_tonight: boolean
  /** Visited in the present period, by anybody we know of; for a drawn place: seen as a whole since the draw. */
  visited_in_period: boolean
  /** The latest night on which anybody is known to have been there. */
  last_night: NightDate | null
  /** Best figure of the latest visit that saw the place; `null` without one. */
  last_count: number | null
  /** When this organisation last recorded something there. */
  last_used: Instant | null
}

/** What the home screen shows. */
export interface HomeModel {
  night: NightDate
  /** How many places the phone knows. */
  places: number
  /** The draw of the present period: how many, and how many have been visited by anybody. */
  drawn: { total: number; visited: number }
  /** Drawn places not yet visited in the period: nearest first when a position is known, else by name. */
  round: PlaceRow[]
  /** Other active places not visited in the last 7 nights by anybody; nearest first, then longest ago. */
  due: PlaceRow[]
  /** Places used lately by this phone, latest first; at most 8. */
  recent: PlaceRow[]
  /** What this organisation has recorded tonight. */
  tonight: { visits: VisitRow[]; counts: number; encounters: number }
  /** Conflicts that wait for somebody to choose. */
  conflicts: number
}

/** A visit as a row in a list. */
export interface VisitRow {
  visit: DocumentId
  place: DocumentId
  place_name: string
  night: NightDate
  started: Instant
  access: Access
  basis: Basis
  /** Median of the best figures of its counts, rounded up; `null` without counts. */
  best: number | null
  counts: number
  encounters: number
  conflicts: number
  /** Not yet confirmed by the server. */
  waiting: boolean
  /** Refused by the server, with its code. */
  rejected: string | null
  withdrawn: boolean
}

/** The page of one place. */
export interface PlaceModel {
  row: PlaceRow
  content: Place
  conflicts: Conflict[]
  /** This organisation's visits, latest first. */
  visits: VisitRow[]
  /** What others did there, latest night first. */
  coverage: (Coverage & { night_date: NightDate; organisation_name: string })[]
  /** Tonight's open visit of this organisation, if there is one. */
  tonight: DocumentId | null
  waiting: boolean
}

/** The page of one visit. Withdrawn records are left in, marked. */
export interface VisitModel {
  row: VisitRow
  content: Visit
  counts: {
    record: RecordId
    count: Count
    best: number
    mine: boolean
    /** What was corrected or withdrawn since it was made. */
    since: Since[]
    warnings: Warning[]
  }[]
  encounters: { record: RecordId; encounter: Encounter; mine: boolean; since: Since[] }[]
  /** Who withdrew the visit, and when. */
  since: Since[]
  conflicts: ConflictModel[]
}

/** An acute need, and how far word of it has come. */
export interface AlertModel {
  document: DocumentId
  content: Alert
  /** Empty when it is at no recorded place. */
  place_name: string
  /** Where the alert is: only on this phone, on the server's disk, or refused by it. None says that a person has seen it. */
  state: 'waiting' | 'on_server' | 'refused'
  /** Calls that stand, the first one first. */
  calls: { record: RecordId; call: Call }[]
  /** People who have said that they have it, the first one first. */
  acknowledgements: Acknowledgement[]
  /** The latest call that somebody answered. */
  answered: Call | null
  open: boolean
  /** Open, and nobody has acknowledged it. */
  unheard: boolean
  /** Whole minutes since it was raised. */
  minutes: number
  /** How many times the worker should have been reminded by now. */
  reminders: number
}

/** Who said something that stands in a record after its maker, and when. */
export interface Since {
  field: string
  mine: boolean
  at: Instant | null
}

/** What somebody would do to a document. */
export type Act = 'add' | 'change'

/** What the app points out and does not forbid. */
export type Warning =
  | 'low_above_best'
  | 'high_below_best'
  | 'groups_above_best'
  | 'opened_above_tents'
  | 'far_above_usual'

/** A conflict with enough around it to ask about it. */
export interface ConflictModel {
  document: DocumentId
  kind: Kind
  /** The name of the place it concerns. */
  place_name: string
  path: string[]
  /** Last part of the path: the field, e.g. `adults`. */
  field: string
  /** Whether it concerns a count, an encounter, or the document itself. */
  record: { sort: 'count' | 'encounter' | 'state' | 'tip'; record: RecordId } | null
  values: {
    op: string
    value: string | number | boolean | null
    device: string | null
    /** Written on this phone. */
    mine: boolean
    /** When it was written, by that phone's clock; `null` when that is not known. */
    at: Instant | null
    /** Stands at present. */
    winner: boolean
  }[]
}

/** One thing that waits or was refused, for the sync details page. */
export interface OutboxRow {
  document: DocumentId
  kind: Kind
  /** The place's name, also for a visit. */
  title: string
  /** Changes that the server has not confirmed. */
  changes: number
  /** When it was recorded. */
  at: Instant
  rejected: { code: string; detail: string } | null
  /** Why the server takes it later. */
  later: string | null
}

/** What to prefill a form with. */
export interface Suggestion {
  /** The place used last tonight, else the nearest within 300 m, else the place used last. */
  place: PlaceRow | null
  /** From the latest count or encounter at that place. */
  group: Group
  sleeping: Count['sleeping']
}

/** What to show places by. */
export interface PlaceQuery {
  /** Matched against name, district and type; empty for all. Accents and case are ignored. */
  text?: string
  order: 'recent' | 'near' | 'name'
  district?: string
  /** Default 100. */
  limit?: number
}

export interface FieldCore {
  readonly snapshot: Snapshot
  /** Tells of each change; gives back how to stop. */
  subscribe(listener: () => void): () => void

  // Page models. `now`: milliseconds; pass a value that changes at least each minute.
  home(now: Instant): HomeModel
  places(query: PlaceQuery, now: Instant): PlaceRow[]
  place(document: DocumentId, now: Instant): PlaceModel | null
  visit(document: DocumentId, now: Instant): VisitModel | null
  /** Acute needs: open ones first, each part the newest first. */
  alerts(now: Instant): AlertModel[]
  alert(document: DocumentId, now: Instant): AlertModel | null
  /** First night of the present period, as far as the phone knows. */
  period(now: Instant): NightDate
  conflicts(): ConflictModel[]
  outbox(): OutboxRow[]
  suggestion(now: Instant): Suggestion
  /** Warnings about a count that is being typed. Never blocks saving. */
  check(count: Partial<Count>, place: DocumentId | null, now: Instant): Warning[]
  /** Whether this phone may add a record (`path` of its map) or change a field; what it may not is refused. */
  may(document: DocumentId, path: string[], act: Act): boolean
  /** The time, as far as it is known: the phone's clock, corrected. */
  now(): Instant

  // Doing.
  /**
   * Resolves once durable on the phone and to be seen in the page models; `durable` is
   * called a moment before, when it is on the disk. Rejects with `invalid`,
   * `storage_full`, `storage_lost`, `gone`, `not_ready`.
   */
  dispatch(intent: Intent, durable?: () => void): Promise<Saved>
  /** Tries an exchange now; resolves when it ended, well or not (see `snapshot.sync`). */
  syncNow(): Promise<void>
  /** Asks the phone for its position (asks the person the first time). Resolves to `null` when refused or not found. */
  locate(): Promise<Position | null>

  // Drafts: kept when the tab dies; cleared by whoever saved the form. Values are plain JSON.
  draft<T>(key: string): T | null
  setDraft(key: string, value: unknown): void
  clearDraft(key: string): void

  /** Locking and unlocking. */
  readonly lock: LockCore

  // Life of the phone.
  /** Tries the invitation in the address bar again, or one that was typed in. */
  enrol(code: string, label: string): Promise<void>
  /** Becomes the tab that writes. */
  takeOver(): Promise<void>
  /** Starts the core anew after `failed`. */
  restart(): Promise<void>
  /** Asks the browser to keep the storage. */
  persist(): Promise<boolean>
  /** Reloads into the version that waits, in every tab. */
  applyUpdate(): Promise<void>
  /** Erases everything on this phone. Refuses with `not_ready` while things wait, unless `even_unsent`. */
  erase(options: { even_unsent: boolean }): Promise<void>
}
