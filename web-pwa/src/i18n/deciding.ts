import { enDeciding } from './en-deciding.ts'
import { i18n } from './i18n.svelte.ts'
import { svDeciding, type DecidingTexts } from './sv-deciding.ts'

/** The texts about what needs two people, in the language in use. */
export function decidingTexts(): DecidingTexts {
  return i18n.language === 'sv' ? svDeciding : enDeciding
}
