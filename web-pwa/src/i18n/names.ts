import { enNames } from './en-names.ts'
import { i18n } from './i18n.svelte.ts'
import { svNames, type NamesTexts } from './sv-names.ts'

/** The texts of the question about names in the language in use. */
export function namesTexts(): NamesTexts {
  return i18n.language === 'sv' ? svNames : enNames
}
