/**
 * How a tab reaches the engine. One tab leads: it holds a Web Lock and runs
 * the engine in its worker. The others call that engine over a
 * BroadcastChannel, and wait for the lock in case the leader goes.
 */

import type { EngineApi, EngineEvent } from '../engine/api.ts'
import { asFailure, unwrap, type Result, Failure } from '../../shared/failure.ts'
import type { DataKey } from '../ports.ts'
import { PendingCalls } from './pending-calls.ts'

/** The link's port to the browser; `src/platform/tabs.ts` has the real one. */
export interface Tabs {
  /** Starts a worker with an engine. Rejects with a `Failure` when it cannot start. */
  startEngine(options: { crashes: number; key: DataKey | null }): Promise<RunningEngine>
  /** Gets a worker ready, so that starting an engine takes less time. */
  warm(): void
  /** Returns the engine of whichever tab leads. */
  remoteEngine(): EngineApi
  onEvent(listener: (event: EngineEvent) => void): void
  /** Tells every tab that this one has come to lead and is starting its engine. */
  announce(): void
  /** Returns whether any tab leads, or waits to: else none has anything open. */
  anybody(): Promise<boolean>
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

/** This many broken engines in a row, and the person is asked. */
const MOST_CRASHES = 3
/** An engine that ran this long did not break at its start. */
const STEADY_MS = 60_000

/** The link's news to its client. */
export interface LinkEvents {
  /** There is an engine to call: its state is to be read. Rejects when that failed. */
  connected(): Promise<void>
  leading(leader: boolean): void
  /** Another tab leads and does not answer. */
  elsewhere(): void
  /** Engines broke, one after the other. */
  failed(failure: Failure): void
  /** Returns the key that opens what is stored; `null` while there is none. */
  key(): DataKey | null
}

/** The tab's way to the engine: leads if no tab does, else follows. */
export class Link {
  engine: EngineApi | null = null
  #tabs: Tabs
  #events: LinkEvents
  #now: () => number
  #after: (ms: number, call: () => void) => () => void
  #pending: PendingCalls
  #running: RunningEngine | null = null
  #leads = false
  /** Whether this tab waits for the lock. */
  #waits = false
  /** While the phone is locked, whoever leads runs no engine. */
  #paused = false
  #crashes = 0
  #startedAt = 0

  constructor(
    tabs: Tabs,
    events: LinkEvents,
    now: () => number,
    after: (ms: number, call: () => void) => () => void,
  ) {
    this.#tabs = tabs
    this.#events = events
    this.#now = now
    this.#after = after
    this.#pending = new PendingCalls(
      () => this.engine,
      () => this.#leads,
      after,
    )
  }

  get leads(): boolean {
    return this.#leads
  }

  async open(): Promise<void> {
    this.#paused = false
    // A tab that was erased or locked and opened again leads already.
    if (this.#leads || (!this.#waits && (await this.#tabs.tryLead(this.#lost)))) {
      await this.#lead()
      return
    }
    this.#waitToLead()
    await this.follow()
  }

  async takeOver(): Promise<void> {
    await this.#tabs.takeLead(this.#lost)
    await this.#lead()
  }

  /** Starts the engine anew, by hand. */
  async restart(): Promise<void> {
    this.#crashes = 0
    this.end()
    await this.#lead()
  }

  /** Calls the leading tab's engine. */
  async follow(): Promise<void> {
    if (this.#paused) return
    const engine = this.#tabs.remoteEngine()
    this.engine = engine
    this.#leading(false)
    try {
      await this.#events.connected()
      if (this.engine === engine) this.#pending.again()
    } catch {
      // Either this tab has come to lead meanwhile, or the leader is asleep; if
      // it has only not started yet, its "started" will tell.
      if (this.engine === engine) this.#events.elsewhere()
    }
  }

  /** Replaces an engine that broke, or says that it cannot go on. */
  crashed(failure: Failure): void {
    this.end()
    if (this.#now() - this.#startedAt > STEADY_MS) this.#crashes = 0
    this.#crashes += 1
    const hopeless = ['schema_newer', 'storage_full', 'locked'].includes(failure.code)
    if (this.#crashes > MOST_CRASHES || hopeless) {
      this.#pending.fail(failure)
      this.#events.failed(failure)
    } else this.#after(250 * this.#crashes, () => void this.#lead())
  }

  /** Ends the own engine, if there is one. */
  end(): void {
    this.#running?.end()
    this.#running = null
    this.engine = null
  }

  /** Ends the own engine and calls no other, until `open`. */
  pause(): void {
    this.#paused = true
    this.end()
    this.#pending.fail(new Failure('locked'))
  }

  /** Gives calls longer: another tab has come to lead and is starting. */
  leaderStarts(): void {
    this.#pending.wait()
  }

  /** Repeats calls: the leading tab's engine has started anew. */
  leaderStarted(): void {
    if (!this.#leads) this.#pending.again()
  }

  /** Waits for an answer of the engine. The own worker may take as long as it needs; another tab may be asleep. */
  answer<T>(asked: Promise<Result<T>>): Promise<T> {
    if (this.#leads) return asked.then(unwrap)
    return this.#pending.within(asked)
  }

  /**
   * Returns what the engine answers; asked again of the next engine when this one ends
   * without an answer. Only for what may be asked twice.
   */
  call<T>(ask: (engine: EngineApi) => Promise<Result<T>>): Promise<T> {
    if (this.#paused) return Promise.reject(new Failure('locked'))
    if (this.engine === null && !this.#leads) {
      return Promise.reject(new Failure('not_ready', 'no engine'))
    }
    return this.#pending.ask(ask)
  }

  #leading(leads: boolean): void {
    this.#leads = leads
    this.#events.leading(leads)
  }

  /** Steps back: another tab has taken over. */
  #lost = (): void => {
    this.end()
    this.#leads = false
    this.#waitToLead()
    void this.follow()
  }

  /** Leads when the tab that does goes away. */
  #waitToLead(): void {
    if (this.#waits) return
    this.#waits = true
    void this.#tabs
      .waitToLead(this.#lost)
      .then(
        () => (this.#leads ? undefined : this.#lead()),
        () => undefined,
      )
      .finally(() => {
        this.#waits = false
      })
  }

  async #lead(): Promise<void> {
    this.#leading(true)
    // Not the engine of the tab that led before.
    this.engine = null
    if (this.#paused) return
    this.#pending.wait()
    this.#tabs.announce()
    try {
      this.#startedAt = this.#now()
      const key = this.#events.key()
      const running = await this.#tabs.startEngine({ crashes: this.#crashes, key })
      if (this.#paused) {
        running.end()
        return
      }
      this.#running = running
      this.engine = running.api
      void running.died.then((detail) => {
        if (this.#running === running) this.crashed(new Failure('core_crashed', detail))
      })
      await this.#events.connected()
      this.#pending.again()
    } catch (error) {
      this.crashed(asFailure(error, 'core_crashed'))
    }
  }
}
