import { fingerprint, keyText, readKey } from '$core/resighting.ts'
import type { CoordinationCore } from '$core/coordination-core.ts'
import { deskKey, keepDeskKey, newKey } from '$platform/team-key.ts'

/** How the desk stands to the team key. */
export type KeyState =
  | { state: 'unknown' }
  /** Nobody has made one. */
  | { state: 'none' }
  | { state: 'here'; key: string }
  /** There is one, but not in this browser. */
  | { state: 'elsewhere' }

const print = async (text: string): Promise<string | null> => {
  const key = readKey(text)
  return key === null ? null : fingerprint(key)
}

/** The team key at a coordinator's desk: made here, shown here, never sent. */
export class DeskTeamKey {
  standing = $state.raw<KeyState>({ state: 'unknown' })
  readonly #core: CoordinationCore

  constructor(core: CoordinationCore) {
    this.#core = core
  }

  /** `known`: the fingerprint that the server has. */
  async read(known: string | null): Promise<void> {
    const key = await deskKey()
    if (known === null) this.standing = { state: 'none' }
    else if (key !== null && (await print(key)) === known) this.standing = { state: 'here', key }
    else this.standing = { state: 'elsewhere' }
  }

  /** The key, made now when there is none; `null` when it is elsewhere. */
  async ensure(): Promise<string | null> {
    if (this.standing.state === 'none') await this.make(false)
    return this.standing.state === 'here' ? this.standing.key : null
  }

  /** Makes a key. Another desk may have been first, unless it is to be replaced. */
  async make(replace: boolean): Promise<void> {
    const key = newKey()
    const text = keyText(key)
    const mine = await fingerprint(key)
    // Kept before it is known to anybody: a key that is announced and lost would be nobody's.
    const before = await deskKey()
    await keepDeskKey(text)
    const stands = await this.#core.putTeamKey(mine, replace)
    if (stands !== mine && before !== null) await keepDeskKey(before)
    await this.read(stands)
  }

  /** Takes the key that another desk showed; says whether it is the one in use. */
  async take(text: string, known: string | null): Promise<boolean> {
    if (known === null || (await print(text)) !== known) return false
    await keepDeskKey(text)
    this.standing = { state: 'here', key: text }
    return true
  }
}
