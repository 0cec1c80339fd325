import { enConflict } from './en-conflict.ts'
import { i18n } from './i18n.svelte.ts'
import { svConflict, type ConflictTexts } from './sv-conflict.ts'

/** The texts about conflicts in the language in use. */
export function conflictTexts(): ConflictTexts {
  return i18n.language === 'sv' ? svConflict : enConflict
}
