/** Team keys that lie nowhere, for looking at the screens. Never part of a build. */
import type { DeskKeys, FoundKey } from '$core/shared/ports.ts'
import { Failure } from '$core/shared/failure.ts'

const KEY = Uint8Array.from({ length: 32 }, (_, n) => n * 7)

/** The keys in the browser, by scene; after one of these the key is there, sealed. */
const FOUND: Readonly<Record<string, FoundKey>> = {
  'key.locked': { sealed: true, next_at: null },
  'key.wait': { sealed: true, next_at: Date.now() + 60_000 },
  'key.plain': { sealed: false, key: KEY },
}

export function fakeDeskKeys(scene: string): DeskKeys {
  let found = FOUND[scene] ?? null
  return {
    fresh: () => KEY,
    find: async () => found,
    async seal() {
      found = { sealed: true, next_at: null }
    },
    async open(_print, passphrase) {
      if (passphrase.length < 12) throw new Failure('passphrase_wrong')
      return KEY
    },
    drop: async () => undefined,
  }
}
