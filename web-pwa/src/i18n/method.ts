import { enMethod } from './en-method.ts'
import { i18n } from './i18n.svelte.ts'
import { svMethod, type MethodTexts } from './sv-method.ts'

/** The texts of the page that explains the numbers, in the language in use. */
export function methodTexts(): MethodTexts {
  return i18n.language === 'sv' ? svMethod : enMethod
}
