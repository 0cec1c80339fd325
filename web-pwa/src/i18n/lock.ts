import { enLock } from './en-lock.ts'
import { i18n } from './i18n.svelte.ts'
import { svLock, type LockTexts } from './sv-lock.ts'

/** The texts of the lock in the language in use. */
export function lockTexts(): LockTexts {
  return i18n.language === 'sv' ? svLock : enLock
}
