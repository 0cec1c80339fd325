import { untrack } from 'svelte'
import { afterSave, isDraft, keep, moved, open, type Begun } from '$core/outreach/drafts/draft.ts'
import type { FieldCore } from '$core/outreach/field-core.ts'
import { nightDate, nightOf } from '$core/shared/night.ts'
import type { NightDate } from '$core/shared/model.ts'
import type { Field } from '../field.svelte.ts'
import { newId } from './new-id.ts'

/** A form's content that survives the death of the tab. */
export interface KeptDraft<T> {
  /** The form's content; bind fields to it. */
  value: T
  /** The id of the save: the same draft is saved once, in whatever tab. */
  readonly id: string
  /** Whether it was found half-filled from before, tonight. */
  readonly restored: boolean
  /** The night of a draft that lies there and is not tonight's; `null`: none does. */
  readonly offered: NightDate | null
  /** Whether another tab has saved it, or thrown it away. */
  readonly taken: boolean
  /** Goes on with the draft that is offered. */
  goOn(): void
  /** Throws away the draft that is offered. */
  leave(): void
  /** Begins again with nothing filled in. */
  reset(): void
  /** Forgets the draft: the form has been saved. */
  clear(): void
  /** Ends the keeping. */
  stop(): void
}

/** The draft that goes along to the place that is picked next. */
let moving: string | null = null

/** Another place is about to be picked for the form whose draft is kept under `key`. */
export function takeAlong(key: string): void {
  moving = key
}

/** Brings the draft that goes along to `key`, when there is one. */
export function bringTo(core: FieldCore, key: string): void {
  const from = moving
  moving = null
  if (from === null || from === key) return
  const draft = core.draft<unknown>(from)
  if (!isDraft(draft)) return
  core.setDraft(key, moved(draft, core.draft(key)))
  core.clearDraft(from)
}

/**
 * Keeps what is filled in under `key` for as long as it differs from `fresh()`. Drafts of one
 * key that are about what somebody typed lie side by side under `about`: keys are stored as
 * they are, and only what lies under them is sealed.
 */
export function keepDraft<T extends object>(
  field: Field,
  key: string,
  fresh: () => T,
  about?: string,
): KeptDraft<T> {
  const { core } = field
  const shelf = (): Record<string, unknown> => core.draft<Record<string, unknown>>(key) ?? {}
  const read = (): unknown => (about === undefined ? core.draft(key) : (shelf()[about] ?? null))
  function write(draft: unknown): void {
    if (about === undefined)
      return draft === null ? core.clearDraft(key) : core.setDraft(key, draft)
    const { [about]: _before, ...others } = shelf()
    const all = draft === null ? others : { ...others, [about]: draft }
    if (Object.keys(all).length === 0) core.clearDraft(key)
    else core.setDraft(key, all)
  }
  let night = nightOf(core.now())
  const found = open<T>(read(), fresh(), night, newId())
  let { id } = found
  let value = $state<T>(found.value)
  let restored = $state(found.restored)
  let offered = $state.raw<Begun<T>[]>(found.offered)
  let taken = $state(false)
  let saved = false
  let stored = read() !== null

  function begin(): void {
    const opened = open<T>(read(), fresh(), night, newId())
    ;({ id } = opened)
    value = opened.value
    restored = opened.restored
    offered = opened.offered
  }

  /** Follows what other tabs do with the draft. */
  function follow(): void {
    const kept = read()
    if (saved || (isDraft<T>(kept) && kept.id === id)) return
    const mine = isDraft<T>(kept) ? kept.earlier.some((one) => one.id === id) : false
    if (stored && !mine && offered.length === 0) taken = true
    else if (!stored && isDraft<T>(kept)) {
      stored = true
      begin()
    }
  }

  const stop = $effect.root(() => {
    $effect(() => {
      const now = JSON.stringify(value)
      const form = { id, value: JSON.parse(now) as T, offered }
      if (saved || taken) return
      // What is fresh follows all that changes; only what is typed is written.
      const draft = keep(form, untrack(fresh), night)
      if (draft !== null) {
        stored = true
        write(draft)
      } else if (stored) {
        stored = false
        write(null)
      }
    })
    $effect(() => {
      void field.snapshot
      follow()
    })
    $effect(() => {
      // A form that is open when the night ends: what is in it is that night's.
      const tonight = nightOf(field.now)
      if (tonight === night || saved) return
      night = tonight
      begin()
    })
  })

  return {
    get value() {
      return value
    },
    set value(next: T) {
      value = next
    },
    get id() {
      return id
    },
    get restored() {
      return restored
    },
    get offered() {
      return offered[0] === undefined ? null : nightDate(offered[0].night)
    },
    get taken() {
      return taken
    },
    goOn() {
      const [newest, ...rest] = offered
      if (newest === undefined) return
      ;({ id } = newest)
      offered = rest
      value = { ...fresh(), ...newest.value }
    },
    leave() {
      offered = offered.slice(1)
    },
    reset() {
      value = fresh()
      restored = false
    },
    clear() {
      saved = true
      const rest = afterSave({ offered })
      write(rest)
    },
    stop,
  }
}
