import type { DraftStore } from './shelf.ts'

/** A form's content that survives the death of the tab. */
export interface KeptDraft<T> {
  /** The form's content; bind fields to it. */
  value: T
  /** Whether it was found half-filled from before. */
  readonly restored: boolean
  /** Begins again with nothing filled in. */
  reset(): void
  /** Forgets the draft: the form has been saved. */
  clear(): void
  /** Ends the keeping. */
  stop(): void
}

/** Keeps what is filled in under `key` for as long as it differs from `fresh()`. */
export function keepDraft<T extends object>(
  core: DraftStore,
  key: string,
  fresh: () => T,
): KeptDraft<T> {
  const found = core.draft<T>(key)
  // A field that came with a newer version takes its fresh value.
  let value = $state<T>(found ? { ...fresh(), ...found } : fresh())
  let restored = $state(found !== null)
  let saved = false
  let stored = found !== null

  const stop = $effect.root(() => {
    $effect(() => {
      const now = JSON.stringify(value)
      if (saved) return
      if (now !== JSON.stringify(fresh())) {
        core.setDraft(key, JSON.parse(now))
        stored = true
      } else if (stored) {
        core.clearDraft(key)
        stored = false
      }
    })
  })

  return {
    get value() {
      return value
    },
    set value(next: T) {
      value = next
    },
    get restored() {
      return restored
    },
    reset() {
      value = fresh()
      restored = false
    },
    clear() {
      saved = true
      core.clearDraft(key)
    },
    stop,
  }
}
