import { enHistory } from './en-history.ts'
import { i18n } from './i18n.svelte.ts'
import { svHistory, type HistoryTexts } from './sv-history.ts'

/** The texts about who did what, in the language in use. */
export function historyTexts(): HistoryTexts {
  return i18n.language === 'sv' ? svHistory : enHistory
}
