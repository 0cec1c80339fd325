/**
 * How a tab reaches the engine. One tab leads: it holds a Web Lock and runs
 * the engine in its worker. The others call that engine over a
 * BroadcastChannel, and wait for the lock in case the leader goes.
 */

import type { EngineApi, EngineEvent } from '../engine/api.ts'

/** What a link needs of the browser; `src/platform/tabs.ts` has the real one. */
export interface Tabs {
  /** Starts a worker with an engine. Rejects with a `Failure` when it cannot start. */
  startEngine(options: { crashes: number }): Promise<RunningEngine>
  /** The engine of whichever tab leads. */
  remoteEngine(): EngineApi
  onEvent(listener: (event: EngineEvent) => void): void
  /** Becomes the leader at once if nobody is. `lost` is called when another tab takes over. */
  tryLead(lost: () => void): Promise<boolean>
  /** Becomes the leader when the present one goes. */
  waitToLead(lost: () => void): Promise<void>
  /** Becomes the leader now; the present one is told. */
  takeLead(lost: () => void): Promise<void>
}

export interface RunningEngine {
  api: EngineApi
  /** Ends the worker, whatever it is doing. */
  end(): void
  /** Settles when the worker died by itself. */
  died: Promise<string>
}
