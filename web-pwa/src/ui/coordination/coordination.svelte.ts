import { createContext } from 'svelte'
import { createSubscriber } from 'svelte/reactivity'
import type { CoordinationCore, CoordinationSnapshot } from '$core/coordination-core.ts'

/** The coordination core as the components read it: each read follows its changes. */
export class Coordination {
  readonly core: CoordinationCore
  readonly #changed: () => void

  constructor(core: CoordinationCore) {
    this.core = core
    this.#changed = createSubscriber((update) => core.subscribe(update))
  }

  get snapshot(): CoordinationSnapshot {
    this.#changed()
    return this.core.snapshot
  }
}

export const [getCoordination, setCoordination] = createContext<Coordination>()
