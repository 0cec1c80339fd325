/** Calls in flight: each is answered, asked again of the next engine, or given up. */

import type { EngineApi } from '../engine/api.ts'
import { asFailure, unwrap, type Result, Failure } from '../../shared/failure.ts'

/** A leader that has not answered after this long is asleep or gone. */
const ANSWER_MS = 4_000
/** One that has said that it is starting is given this long. */
const START_MS = 30_000
/** After breaking this many engines a call is not asked of another. */
const MOST_TRIES = 3

interface Call {
  /** Asks the engine that is there now. */
  again(): void
  /** Gives an engine that is starting the time that it needs. */
  wait(): void
  fail(failure: Failure): void
}

export class PendingCalls {
  #engine: () => EngineApi | null
  #leads: () => boolean
  #after: (ms: number, call: () => void) => () => void
  #calls = new Set<Call>()

  /** `engine`: the one to ask at present. `leads`: whether it is this tab's own. */
  constructor(
    engine: () => EngineApi | null,
    leads: () => boolean,
    after: (ms: number, call: () => void) => () => void,
  ) {
    this.#engine = engine
    this.#leads = leads
    this.#after = after
  }

  /** Asks until an engine has answered. */
  ask<T>(ask: (engine: EngineApi) => Promise<Result<T>>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      let stop = (): void => undefined
      let tries = 0
      const end = (): void => {
        stop()
        this.#calls.delete(call)
      }
      const limit = (ms: number): void => {
        stop()
        stop = this.#after(ms, () => call.fail(new Failure('no_leader')))
      }
      const call: Call = {
        again: () => {
          stop()
          const engine = this.#engine()
          if (engine === null) return
          tries += 1
          const mine = tries
          if (tries > MOST_TRIES) {
            call.fail(new Failure('core_crashed', 'asked of several engines'))
            return
          }
          if (!this.#leads()) limit(ANSWER_MS)
          ask(engine)
            .then(unwrap)
            .then(
              (value) => {
                if (mine !== tries) return
                end()
                resolve(value)
              },
              (error: unknown) => {
                if (mine !== tries) return
                const failure = asFailure(error)
                // The engine that was asked no longer leads; the one that does is asked next.
                if (failure.code === 'no_leader') limit(START_MS)
                else call.fail(failure)
              },
            )
        },
        wait: () => limit(START_MS),
        fail: (failure) => {
          end()
          reject(failure)
        },
      }
      this.#calls.add(call)
      call.again()
    })
  }

  /** Returns the answer to something that is asked once, if it comes in time. */
  within<T>(asked: Promise<Result<T>>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const stop = this.#after(ANSWER_MS, () => reject(new Failure('no_leader')))
      asked.then(unwrap).then(resolve, reject).finally(stop)
    })
  }

  again(): void {
    // Whoever is given up leaves the set, which a loop over it allows.
    for (const call of this.#calls) call.again()
  }

  wait(): void {
    for (const call of this.#calls) call.wait()
  }

  fail(failure: Failure): void {
    for (const call of this.#calls) call.fail(failure)
  }
}
