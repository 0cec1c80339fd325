import { createContext } from 'svelte'
import { createSubscriber } from 'svelte/reactivity'
import type {
  CoordinationCore,
  CoordinationSnapshot,
} from '$core/coordination/coordination-core.ts'
import type { KeyState } from '$core/coordination/desk-key.ts'

/** The coordination core as the components read it: each read follows its changes. */
export class Coordination {
  readonly core: CoordinationCore
  readonly #changed: () => void
  readonly #keyChanged: () => void

  constructor(core: CoordinationCore) {
    this.core = core
    this.#changed = createSubscriber((update) => core.subscribe(update))
    this.#keyChanged = createSubscriber((update) => core.deskKey.subscribe(update))
  }

  get snapshot(): CoordinationSnapshot {
    this.#changed()
    return this.core.snapshot
  }

  /** How this desk stands to the team key. */
  get key(): KeyState {
    this.#keyChanged()
    return this.core.deskKey.standing
  }
}

export const [getCoordination, setCoordination] = createContext<Coordination>()
