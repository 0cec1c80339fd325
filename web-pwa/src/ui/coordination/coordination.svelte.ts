import { createContext } from 'svelte'
import { createSubscriber } from 'svelte/reactivity'
import type { SessionSnapshot } from '$core/coordination/api.ts'
import type { KeyState } from '$core/coordination/desk-key.ts'
import type { Part, Reading } from '$core/coordination/reading.ts'
import type { CoordinationSession } from '$core/coordination/session.ts'
import type { Observable } from '$core/shared/observable.ts'

type Source = { subscribe(listener: () => void): () => void }

/** The desk's session as the components read it: each read follows its changes. */
export class Coordination {
  readonly session: CoordinationSession
  readonly #followed = new WeakMap<Source, () => void>()

  constructor(session: CoordinationSession) {
    this.session = session
  }

  get snapshot(): SessionSnapshot {
    this.#follow(this.session)
    return this.session.snapshot
  }

  /** How this desk stands to the team key. */
  get key(): KeyState {
    this.#follow(this.session.deskKey)
    return this.session.deskKey.standing
  }

  /** Returns a page's store, the same one each time. */
  store<S>(Store: new (session: CoordinationSession) => S): S {
    return this.session.store(Store)
  }

  /** Returns what was read, and has it kept fresh for as long as a component shows it. */
  part<T>(reading: Reading<T>): Part<T> {
    this.#follow(reading, () => reading.open())
    return reading.part
  }

  value<T>(observable: Observable<T>): T {
    this.#follow(observable)
    return observable.value
  }

  #follow(source: Source, open: () => () => void = () => () => undefined): void {
    let follow = this.#followed.get(source)
    if (follow === undefined) {
      follow = createSubscriber((update) => {
        const stops = [source.subscribe(update), open()]
        return () => stops.forEach((stop) => stop())
      })
      this.#followed.set(source, follow)
    }
    follow()
  }

  /** Returns the name of an organisation, or its short name where it has none. */
  organisation(id: string): string {
    return this.snapshot.organisations.find((found) => found.id === id)?.name ?? id
  }

  /** Returns the name of a district, or `otherwise`. */
  district(code: string | null, otherwise = code ?? ''): string {
    return this.snapshot.districts.find((found) => found.code === code)?.name ?? otherwise
  }
}

export const [getCoordination, setCoordination] = createContext<Coordination>()
