/** The base of what a page of the desk shows: something that is read from the server and kept fresh. */

import { asFailure, type FailureCode } from '../shared/failure.ts'
import { Observable } from '../shared/observable.ts'
import type { CoordinationApi } from './api.ts'
import type { CoordinationSession } from './session.ts'

/** What has been read. With a `problem`, `value` is no longer fresh. */
export interface Part<T> {
  value: T | null
  /** When `value` was read. */
  read_at: number | null
  problem: FailureCode | null
}

const unread = <T>(): Part<T> => ({ value: null, read_at: null, problem: null })

export class Reading<T> {
  readonly #session: CoordinationSession
  readonly #question: (api: CoordinationApi) => Promise<T>
  readonly #part = new Observable<Part<T>>(unread())
  #readers = 0
  #unfollow: (() => void) | null = null
  #running: Promise<void> = Promise.resolve()
  #next: Promise<void> | null = null
  /** Counts the questions: the answer to an earlier one is not shown. */
  #asked = 0

  constructor(session: CoordinationSession, question: (api: CoordinationApi) => Promise<T>) {
    this.#session = session
    this.#question = question
  }

  get part(): Part<T> {
    return this.#part.value
  }

  subscribe(listener: () => void): () => void {
    return this.#part.subscribe(listener)
  }

  /** Whether somebody looks at it. */
  get isOpen(): boolean {
    return this.#readers > 0
  }

  /** Reads, and reads again at news, for as long as somebody looks. Returns how to stop. */
  open(): () => void {
    this.#readers += 1
    if (this.#readers === 1) {
      this.#unfollow = this.#session.follow(this)
      void this.refresh()
    }
    let closed = false
    return () => {
      if (closed) return
      closed = true
      this.#readers -= 1
      if (this.#readers === 0) this.#unfollow?.()
    }
  }

  /** Reads after whatever reading is under way: that one may have begun before what is to be seen. */
  refresh(): Promise<void> {
    this.#next ??= this.#running.then(() => {
      this.#next = null
      this.#running = this.#read(this.#asked)
      return this.#running
    })
    return this.#next
  }

  async #read(asked: number): Promise<void> {
    try {
      const value = await this.#session.ask(this.#question)
      if (asked === this.#asked) this.set(value)
    } catch (error) {
      if (asked === this.#asked) this.fail(asFailure(error).code)
    }
  }

  /** Shows what an act was answered with. */
  set(value: T): void {
    this.#part.set({ value, read_at: this.#session.now(), problem: null })
  }

  /** Says why what was read is no longer fresh. */
  fail(problem: FailureCode): void {
    this.#part.set({ problem })
  }

  /** Forgets what was read, since another question is asked now; reads at once. */
  restart(): Promise<void> {
    this.#asked += 1
    this.#part.set(unread())
    this.#next = null
    this.#running = Promise.resolve()
    return this.refresh()
  }
}
