/** The port to the phone's lock; `src/platform/lock` has the real one. */

import type { Configuration, Identity } from '../../shared/member.ts'
import type { Instant } from '../../shared/model.ts'
import type { Left } from '../field-core.ts'
import type { DataKey } from '../ports.ts'

/** The state of the lock that is readable without the key. */
export interface LockState {
  /** Whether what is stored is sealed. */
  set: boolean
  /** Whether a passkey opens it too. */
  passkey: boolean
  /** No attempt is taken before this; `null` when there is no wait. */
  next_at: Instant | null
  /** When the lock was set; `null` before. */
  made_at: Instant | null
  /** How much the server has not got. */
  waiting: Left
  /** Whom to call, as the server last said. */
  numbers: Configuration['numbers'] | null
}

/** BroadcastChannel on which tabs, and the service worker, tell each other about the lock. */
export const LOCK_CHANNEL = 'lagesbild-lock'

/** The messages on that channel. */
export type LockMessage =
  /** Asks whether anybody has the key. */
  | { type: 'ask' }
  | { type: 'unlocked'; key: DataKey }
  | { type: 'locked' }
  /** The envelope was sent, sealed as it lay. */
  | { type: 'sent' }
  /** Somebody looks at a tab, and touched it last at `touched`. */
  | { type: 'alive'; touched: Instant }

/** Seals what is stored under a data key, and opens it again. Methods reject with a `Failure`. */
export interface Locker {
  /** Gets ready, so that the first answer takes less time. */
  warm(): void
  state(): Promise<LockState>
  /** Makes a data key, wraps it by the passphrase, and seals everything that is stored. */
  setUp(passphrase: string): Promise<DataKey>
  /** Rejects with `passphrase_wrong`, or with `passphrase_wait` before it is time to try again. */
  open(passphrase: string): Promise<DataKey>
  /** Rejects with `passkey_failed`. */
  openByPasskey(): Promise<DataKey>
  /** Returns whether this browser may have a passkey that can hold a key. */
  canPasskey(): Promise<boolean>
  /** Lets a passkey open what the passphrase opens. */
  addPasskey(passphrase: string): Promise<void>
  removePasskey(): Promise<void>
  /** Gives the data key another passphrase. */
  change(from: string, to: string): Promise<void>
  /** Returns who this phone is. */
  identity(key: DataKey): Promise<Identity>
  /** Erases everything, also when it cannot be opened. */
  erase(): Promise<void>
  post(message: LockMessage): void
  listen(listener: (message: LockMessage) => void): void
}
