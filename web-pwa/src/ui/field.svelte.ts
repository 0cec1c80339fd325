import { createContext } from 'svelte'
import { createSubscriber } from 'svelte/reactivity'
import type { Act, PlaceQuery } from '$core/outreach/page-models.ts'
import type { FieldCore, Snapshot } from '$core/outreach/field-core.ts'
import type { Count, DocumentId } from '$core/shared/model.ts'

const MINUTE = 60_000

/**
 * The app's core as the components read it: each read follows the core's
 * changes, and time passes by the minute.
 */
export class Field {
  /** Where things are done. Read through the other members, which follow changes. */
  readonly core: FieldCore
  /** Returns the time, in milliseconds; changes each minute and when the app is shown again. */
  get now(): number {
    return this.#wall - this.snapshot.sync.clock_error
  }

  #wall = $state(Date.now())
  readonly #changed: () => void

  constructor(core: FieldCore) {
    this.core = core
    this.#changed = createSubscriber((update) => core.subscribe(update))
  }

  /** Lets time pass; gives back how to stop. */
  run(): () => void {
    const pass = () => {
      if (document.visibilityState === 'visible') this.#wall = Date.now()
    }
    const timer = setInterval(pass, MINUTE)
    document.addEventListener('visibilitychange', pass)
    return () => {
      clearInterval(timer)
      document.removeEventListener('visibilitychange', pass)
    }
  }

  get snapshot(): Snapshot {
    this.#changed()
    return this.core.snapshot
  }

  home() {
    this.#changed()
    return this.core.home(this.now)
  }

  places(query: PlaceQuery) {
    this.#changed()
    return this.core.places(query, this.now)
  }

  place(document: DocumentId) {
    this.#changed()
    return this.core.place(document, this.now)
  }

  visit(document: DocumentId) {
    this.#changed()
    return this.core.visit(document, this.now)
  }

  alerts() {
    this.#changed()
    return this.core.alerts(this.now)
  }

  alert(document: DocumentId) {
    this.#changed()
    return this.core.alert(document, this.now)
  }

  conflicts() {
    this.#changed()
    return this.core.conflicts()
  }

  outbox() {
    this.#changed()
    return this.core.outbox()
  }

  suggestion() {
    this.#changed()
    return this.core.suggestion(this.now)
  }

  may(document: DocumentId, path: string[], act: Act): boolean {
    this.#changed()
    return this.core.may(document, path, act)
  }

  check(count: Partial<Count>, place: DocumentId | null) {
    return this.core.check(count, place, this.now)
  }
}

export const [getField, setField] = createContext<Field>()
