import type { FieldCore } from '$core/outreach/field-core.ts'
import type { NightNumber } from '$core/shared/model.ts'

/** Where drafts are kept. */
export type DraftStore = Pick<FieldCore, 'draft' | 'setDraft' | 'clearDraft'>

/** A draft beside others of its form: what it is about, and the night it was last written in. */
interface Shelved {
  about: string
  night: NightNumber
  content: unknown
}

/**
 * Keeps a form's drafts apart by what they are about.
 *
 * They share one key, because keys are stored unsealed and what a draft is
 * about may be words that somebody typed.
 */
export function shelf(store: DraftStore, about: string, tonight: NightNumber) {
  const rows = (key: string) => store.draft<Shelved[]>(key) ?? []
  const find = (key: string) => rows(key).find((row) => row.about === about)
  const others = (key: string) => rows(key).filter((row) => row.about !== about)

  return {
    draft: <T>(key: string): T | null => (find(key)?.content as T | undefined) ?? null,
    setDraft: (key: string, content: unknown): void =>
      store.setDraft(key, [...others(key), { about, night: tonight, content }]),
    clearDraft(key: string): void {
      const left = others(key)
      if (left.length > 0) store.setDraft(key, left)
      else store.clearDraft(key)
    },
    /** Whether the draft is of an earlier night. */
    old: (key: string): boolean => (find(key)?.night ?? tonight) !== tonight,
  }
}
