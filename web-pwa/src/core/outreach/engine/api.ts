/** The interface between the engine (in its worker) and the pages. */

import type { Result, FailureCode } from '../../shared/failure.ts'
import type { Configuration } from '../../shared/member.ts'
import type { Intent, Saved } from '../intents.ts'
import type { SyncState } from '../field-core.ts'
import type { Coverage, DocumentId, Draw, Instant } from '../../shared/model.ts'
import type { DataKey } from '../ports.ts'
import type { Offers, View } from '../wasm-types.ts'

/** A document as the pages need it. */
export interface EngineDocument {
  view: View
  /** Whether it belongs to the phone's own organisation. */
  own: boolean
  unsent: number
  waiting_since: Instant | null
  rejected: { code: string; detail: string } | null
  /** Why the server will take it in later: a code that is no refusal. */
  later: string | null
}

/** All there is, at one moment. */
export interface EngineState {
  /** The engine that says so; another one has its own count of events. */
  engine: string
  /** The latest event that this state includes. */
  serial: number
  documents: EngineDocument[]
  coverage: Coverage[]
  draw: Draw | null
  configuration: Configuration | null
  sync: SyncState
  /** The core's table of who may say what. */
  authority: Offers
  drafts: Record<string, unknown>
}

/** An event that the engine tells the pages. */
export type EngineChange =
  | {
      type: 'data'
      documents: EngineDocument[]
      removed: DocumentId[]
      /** All rows of each place whose coverage changed. */
      coverage: [DocumentId, Coverage[]][]
      draw: Draw | null
    }
  | { type: 'sync'; sync: SyncState }
  | { type: 'configuration'; configuration: Configuration }
  /** A draft was written or forgotten (`null`), in whatever tab. */
  | { type: 'draft'; key: string; value: unknown }
  /** Everything that waits, or as much as a request holds, lies sealed for the server: the browser may send it. */
  | { type: 'left' }
  /** A tab has come to lead and is starting its engine. Told by the tab, outside the count of events. */
  | { type: 'starting' }
  /** A new engine has started: read its state. */
  | { type: 'started' }
  /** Everything on this phone was deleted. */
  | { type: 'erased'; reason: 'revoked' | 'asked' }
  /** This engine can go no further and must be started anew. */
  | { type: 'broken'; code: FailureCode; detail: string }

/** A change, numbered, so that a page notices when it missed one. */
export interface EngineEvent {
  engine: string
  serial: number
  change: EngineChange
}

/** Events outside that a page tells the engine. */
export type Notice = 'online' | 'offline' | 'visible' | 'hidden'

export interface EngineApi {
  state(): Promise<Result<EngineState>>
  /**
   * `serial` is the event that shows what was saved. `id` names the call: asked
   * again, also of another engine, it is answered and not carried out again.
   */
  dispatch(intent: Intent, id: string): Promise<Result<{ saved: Saved; serial: number }>>
  syncNow(): Promise<Result<null>>
  notice(notice: Notice): Promise<Result<null>>
  /** `null` clears it. */
  setDraft(key: string, value: unknown): Promise<Result<null>>
  erase(even_unsent: boolean): Promise<Result<null>>
}

/** The worker's own API, for the tab that leads: the same, and how to start. */
export interface WorkerApi extends EngineApi {
  /** `crashes`: how many engines broke just before this one, so that a poisoned exchange is not repeated at once. */
  start(options: {
    crashes: number
    online: boolean
    visible: boolean
    /** Opens what is stored; `null` while no lock is set. */
    key: DataKey | null
  }): Promise<Result<null>>
}

/** BroadcastChannel on which followers call the leader's engine. */
export const CALLS = 'lagesbild-calls'
/** BroadcastChannel on which the engine tells every tab what changed. */
export const EVENTS = 'lagesbild-events'
/** The Web Lock that the leading tab holds. */
export const LEADER_LOCK = 'lagesbild-leader'
