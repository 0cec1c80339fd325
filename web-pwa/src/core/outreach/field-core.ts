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

import type { Enrolling, Invited } from '../shared/invitation.ts'
import type { Count, DocumentId, Instant, NightDate } from '../shared/model.ts'
import type { Intent, Saved } from './intents.ts'
import type { FailureCode } from '../shared/failure.ts'
import type { Configuration, Member } from '../shared/member.ts'
import type {
  PlaceRow,
  HomeModel,
  PlaceModel,
  VisitModel,
  AlertModel,
  Act,
  Warning,
  ConflictModel,
  OutboxRow,
  Suggestion,
  PlaceQuery,
} from './page-models.ts'

/** Where the app stands as a whole. Each is a screen. */
export type Phase =
  /** Reading what is on the phone. Short: nothing is drawn but the frame. */
  | { phase: 'starting' }
  /** This phone is nobody yet: show how to get an invitation. */
  | { phase: 'not_enrolled' }
  /** An invitation was opened: a person says whether it is used. */
  | Invited
  | Enrolling
  /** No lock is set yet. `before`: the phone was enrolled before there were locks, and holds things; then it can wait. */
  | { phase: 'securing'; before: boolean }
  /** The store is sealed, and nobody has opened it. `invited`: a new invitation was opened. */
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

/** The state of the sync loop. Nothing here is guessed: each field states an event that happened. */
export interface SyncState {
  /** From the browser. `true` does not mean that the server answers. */
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

/** How much waits for the server, since when. Lies unsealed, so that a locked phone can say what would be lost. */
export interface Waiting {
  documents: number
  since: Instant | null
}

/** The same, and how it stands with the envelope, if that holds all of it. */
export interface Left extends Waiting {
  envelope: { sent_at: Instant | null } | null
}

/** The state of the lock, known while it is closed too. */
export interface LockView {
  /** Whether what is stored is sealed. */
  set: boolean
  /** Whether a passkey opens it. */
  passkey: boolean
  /** Whether this browser may have one. */
  can_passkey: boolean
  /** No attempt is taken before this. */
  wait_until: Instant | null
  /** Lost if the phone is erased: the server has not got it. */
  waiting: Left
  made_at: Instant | null
}

/** The actions on the lock. */
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
  /** Radius around the position, in metres. */
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
  /** Whether the app opens without a network: its files are on their way to the phone, here, or did not get here. */
  installed: 'coming' | 'here' | 'failed'
  /** Whether this tab writes itself (else it passes on to the tab that does). */
  leader: boolean
  /** Increases at each change of documents, coverage or draw. */
  revision: number
  /** Increases with each draft that is written or forgotten, in whatever tab. */
  drafts: number
}

/** The interface of the field's screens: reading and doing. */
export interface FieldCore {
  readonly snapshot: Snapshot
  /** Tells of each change; gives back how to stop. */
  subscribe(listener: () => void): () => void

  // Page models. `now`: milliseconds; pass a value that changes at least each minute.
  home(now: Instant): HomeModel
  places(query: PlaceQuery, now: Instant): PlaceRow[]
  place(document: DocumentId, now: Instant): PlaceModel | null
  visit(document: DocumentId, now: Instant): VisitModel | null
  /** Lists acute needs: open ones first, each part the newest first. */
  alerts(now: Instant): AlertModel[]
  alert(document: DocumentId, now: Instant): AlertModel | null
  /** Returns the first night of the present period, as far as the phone knows. */
  period(now: Instant): NightDate
  conflicts(): ConflictModel[]
  outbox(): OutboxRow[]
  suggestion(now: Instant): Suggestion
  /** Warnings about a count that is being typed. Never blocks saving. */
  check(count: Partial<Count>, place: DocumentId | null, now: Instant): Warning[]
  /** Returns whether this phone may add a record (`path` of its map) or change a field; what it may not is refused. */
  may(document: DocumentId, path: string[], act: Act): boolean
  /** Returns the time, as far as it is known: the phone's clock, corrected. */
  now(): Instant

  // Actions: each settles when it is true.
  /**
   * Resolves once durable on the phone and to be seen in the page models; `durable` is
   * called a moment before, when it is on the disk. Rejects with `invalid`,
   * `storage_full`, `storage_lost`, `gone`, `not_ready`.
   */
  dispatch(intent: Intent, durable?: () => void, id?: string): Promise<Saved>
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
  /** Uses the invitation that was opened (an empty `code`), or one that was typed in. */
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
