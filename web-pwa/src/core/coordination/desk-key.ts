/** The team key at a coordinator's desk: sealed where it lies, open only as long as the tab. */

import type { Instant } from '../shared/model.ts'
import type { Announced } from './api.ts'
import { Failure } from '../shared/failure.ts'
import type { DeskKeys, FoundKey } from '../shared/ports.ts'
import { Observable } from '../shared/observable.ts'
import { fingerprint, keyText, readKey } from '../shared/resighting.ts'

/** How the desk stands to the team key. */
export type KeyState =
  | { state: 'unknown' }
  /** Nobody has made one. */
  | { state: 'none' }
  /** Open in this tab; `sealed` unless it lies in the browser as plain text. */
  | { state: 'here'; key: string; sealed: boolean }
  | { state: 'locked'; next_at: Instant | null }
  /** There is one, but not in this browser. */
  | { state: 'elsewhere' }

/** Made here, sealed here, shown here, never sent. */
export class DeskKey {
  readonly #keys: DeskKeys
  readonly #announce: (print: string, replace: boolean) => Promise<Announced>
  readonly #state = new Observable<{ standing: KeyState }>({ standing: { state: 'unknown' } })
  /** The fingerprint that the server has. */
  #known: string | null = null
  #open: { print: string; key: string } | null = null
  /** How often everything was forgotten: what was begun before opens nothing after. */
  #forgotten = 0

  /** `announce` tells the server a fingerprint, and gives what became of it. */
  constructor(keys: DeskKeys, announce: (print: string, replace: boolean) => Promise<Announced>) {
    this.#keys = keys
    this.#announce = announce
  }

  get standing(): KeyState {
    return this.#state.value.standing
  }

  subscribe(listener: () => void): () => void {
    return this.#state.subscribe(listener)
  }

  /** Finds out how it stands. `known`: the fingerprint that the server has. */
  async read(known: string | null): Promise<void> {
    this.#known = known
    const found = known === null ? null : await this.#keys.find(known)
    // Meanwhile another key may have been announced.
    if (known === this.#known) this.#state.set({ standing: this.#standing(found) })
  }

  #standing(found: FoundKey | null): KeyState {
    if (this.#known === null) return { state: 'none' }
    if (found === null) return { state: 'elsewhere' }
    if (!found.sealed) return { state: 'here', key: keyText(found.key), sealed: false }
    if (this.#open?.print !== this.#known) return { state: 'locked', next_at: found.next_at }
    return { state: 'here', key: this.#open.key, sealed: true }
  }

  /**
   * Makes a key. Another desk may have been first, unless it is to be replaced. One that
   * waits for a second person stays sealed here until it stands. Gives whether it waits.
   */
  async make(passphrase: string, replace: boolean): Promise<boolean> {
    const opened = this.#opening()
    const key = this.#keys.fresh()
    const mine = await fingerprint(key)
    // Kept before it is known to anybody: a key that is announced and lost would be nobody's.
    await this.#keys.seal(key, passphrase, false)
    const { stands, waits } = await this.#announce(mine, replace)
    if (stands === mine) opened(mine, key)
    if (!waits) await this.#keys.drop(mine, stands === mine ? 'others' : 'it')
    await this.read(stands)
    return waits
  }

  /** Whether a text holds the key that the team uses now. */
  async fits(text: string): Promise<boolean> {
    const key = readKey(text)
    return key !== null && (await fingerprint(key)) === this.#known
  }

  /** Takes a key that {@link fits}, from another desk or a link. */
  async take(text: string, passphrase: string): Promise<void> {
    const key = readKey(text)
    if (key === null || !(await this.fits(text))) throw new Failure('invalid', 'another key')
    await this.#keep(key, passphrase, true)
  }

  /** Seals the open key: one that an earlier version left as plain text, or by another passphrase. */
  async seal(passphrase: string): Promise<void> {
    const { standing } = this
    const key = standing.state === 'here' ? readKey(standing.key) : null
    if (standing.state !== 'here' || key === null) throw new Failure('not_ready', 'no open key')
    // Another tab may have made a newer one, which must stay; only plain text goes.
    await this.#keep(key, passphrase, !standing.sealed)
  }

  async #keep(key: Uint8Array, passphrase: string, alone: boolean): Promise<void> {
    const opened = this.#opening()
    await this.#keys.seal(key, passphrase, alone)
    opened(await fingerprint(key), key)
    await this.read(this.#known)
  }

  /** Opens the key for as long as the tab lives. */
  async open(passphrase: string): Promise<void> {
    const print = this.#known
    if (print === null) throw new Failure('not_ready', 'no key')
    const opened = this.#opening()
    try {
      opened(print, await this.#keys.open(print, passphrase))
    } finally {
      // After a wrong one there may be a wait.
      await this.read(this.#known)
    }
  }

  /** Keeps a key open, unless everything was forgotten since this was called. */
  #opening(): (print: string, key: Uint8Array) => void {
    const before = this.#forgotten
    return (print, key) => {
      if (before === this.#forgotten) this.#open = { print, key: keyText(key) }
    }
  }

  /** Closes the key in this tab: nothing of it stays in memory. */
  forget(): void {
    this.#forgotten += 1
    this.#open = null
    this.#state.set({ standing: { state: 'unknown' } })
    void this.read(this.#known).catch(() => undefined)
  }
}
