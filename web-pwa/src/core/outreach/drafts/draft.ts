/**
 * A form's draft: what was typed, in which night, and under which id it is saved.
 *
 * A draft of tonight comes back by itself. One of another night is offered: figures, calls
 * and positions belong to their night, and nothing of it becomes tonight's unasked.
 */

import type { NightNumber } from '../../shared/model.ts'

/** A draft of one night. Plain JSON. */
export interface Begun<T> {
  /** The id of the save: the same draft saved twice is saved once. */
  id: string
  /** The night in which it was begun. */
  night: NightNumber
  value: T
}

/** A draft as it is kept, and those of other nights that nobody has decided about, the newest first. */
export interface Draft<T> extends Begun<T> {
  earlier: Begun<T>[]
}

/** How a form begins. */
export interface Opened<T> {
  id: string
  value: T
  /** Whether the value was typed before, tonight. */
  restored: boolean
  /** What lies there of other nights, the newest first. */
  offered: Begun<T>[]
}

/** Returns whether something kept is a draft: earlier versions of the app kept other things. */
export function isDraft<T>(kept: unknown): kept is Draft<T> {
  return (
    typeof kept === 'object' &&
    kept !== null &&
    'id' in kept &&
    'night' in kept &&
    typeof kept.night === 'number' &&
    'value' in kept &&
    'earlier' in kept
  )
}

/** Opens a form on what is kept, with `fresh` where nothing is, and under a new `id`. */
export function open<T extends object>(
  kept: unknown,
  fresh: T,
  night: NightNumber,
  id: string,
): Opened<T> {
  if (!isDraft<T>(kept)) return { id, value: fresh, restored: false, offered: [] }
  const { earlier, ...own } = kept
  if (own.night !== night) {
    return { id, value: fresh, restored: false, offered: [own, ...earlier] }
  }
  // A field that came with a newer version takes its fresh value.
  return { id: own.id, value: { ...fresh, ...own.value }, restored: true, offered: earlier }
}

/** Returns what to keep of a form; `null` when nothing of it needs to be kept. */
export function keep<T extends object>(
  form: Pick<Opened<T>, 'id' | 'value' | 'offered'>,
  fresh: T,
  night: NightNumber,
): Draft<T> | null {
  if (JSON.stringify(form.value) !== JSON.stringify(fresh)) {
    return { id: form.id, night, value: form.value, earlier: form.offered }
  }
  return afterSave(form)
}

/** Returns what to keep once a form is saved. */
export function afterSave<T>({ offered }: Pick<Opened<T>, 'offered'>): Draft<T> | null {
  const [newest, ...earlier] = offered
  return newest === undefined ? null : { ...newest, earlier }
}

/** Returns what to keep at a place to which a form was moved: what lay there already stays, and is offered. */
export function moved<T>(form: Draft<T>, there: unknown): Draft<T> {
  if (!isDraft<T>(there)) return form
  const { earlier, ...own } = there
  return { ...form, earlier: [...form.earlier, own, ...earlier] }
}
