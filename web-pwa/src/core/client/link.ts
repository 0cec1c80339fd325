/**
 * How a tab reaches the engine. One tab leads: it holds a Web Lock and runs
 * the engine in its worker. The others call that engine over a
 * BroadcastChannel, and wait for the lock in case the leader goes.
 */

import type { EngineApi, EngineEvent } from '../engine/api.ts'
import { asFailure, unwrap, type Result } from '../failure.ts'
import { Failure } from '../field-core.ts'

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

/** A leader that has not answered after this long is asleep or gone. */
const ANSWER_MS = 4_000
/** This many broken engines in a row, and the person is asked. */
const MOST_CRASHES = 3
/** An engine that ran this long did not break at its start. */
const STEADY_MS = 60_000

/** What a link tells its client. */
export interface LinkEvents {
  /** There is an engine to call: its state is to be read. Rejects when that failed. */
  connected(): Promise<void>
  leading(leader: boolean): void
  /** Another tab leads and does not answer. */
  elsewhere(): void
  /** Engines broke, one after the other. */
  failed(failure: Failure): void
}

/** The tab's way to the engine: leads if no tab does, else follows. */
export class Link {
  engine: EngineApi | null = null
  #tabs: Tabs
  #events: LinkEvents
  #now: () => number
  #after: (ms: number, call: () => void) => () => void
  #running: RunningEngine | null = null
  #leads = false
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
  }

  get leads(): boolean {
    return this.#leads
  }

  async open(): Promise<void> {
    // A tab that was erased and enrolled again leads already.
    if (this.#leads || (await this.#tabs.tryLead(this.#lost))) {
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
    const engine = this.#tabs.remoteEngine()
    this.engine = engine
    this.#leading(false)
    try {
      await this.#events.connected()
    } catch {
      // Either this tab has come to lead meanwhile, or the leader is asleep; if
      // it has only not started yet, its "started" will tell.
      if (this.engine === engine) this.#events.elsewhere()
    }
  }

  /** The engine broke, or says that it cannot go on. */
  crashed(failure: Failure): void {
    this.end()
    if (this.#now() - this.#startedAt > STEADY_MS) this.#crashes = 0
    this.#crashes += 1
    const hopeless = failure.code === 'schema_newer' || failure.code === 'storage_full'
    if (this.#crashes > MOST_CRASHES || hopeless) this.#events.failed(failure)
    else this.#after(250 * this.#crashes, () => void this.#lead())
  }

  /** Ends the own engine, if there is one. */
  end(): void {
    this.#running?.end()
    this.#running = null
    this.engine = null
  }

  /** An answer of the engine. The own worker may take as long as it needs; another tab may be asleep. */
  answer<T>(asked: Promise<Result<T>>): Promise<T> {
    if (this.#leads) return asked.then(unwrap)
    return new Promise<T>((resolve, reject) => {
      const stop = this.#after(ANSWER_MS, () => reject(new Failure('no_leader')))
      asked.then(unwrap).then(resolve, reject).finally(stop)
    })
  }

  #leading(leads: boolean): void {
    this.#leads = leads
    this.#events.leading(leads)
  }

  /** Another tab has taken over. */
  #lost = (): void => {
    this.end()
    this.#waitToLead()
    void this.follow()
  }

  /** Leads when the tab that does goes away. */
  #waitToLead(): void {
    void this.#tabs.waitToLead(this.#lost).then(
      () => (this.#leads ? undefined : this.#lead()),
      () => undefined,
    )
  }

  async #lead(): Promise<void> {
    this.#leading(true)
    try {
      this.#startedAt = this.#now()
      const running = await this.#tabs.startEngine({ crashes: this.#crashes })
      this.#running = running
      this.engine = running.api
      void running.died.then((detail) => {
        if (this.#running === running) this.crashed(new Failure('core_crashed', detail))
      })
      await this.#events.connected()
    } catch (error) {
      this.crashed(asFailure(error, 'core_crashed'))
    }
  }
}
