import { enAcute } from './en-acute.ts'
import { i18n } from './i18n.svelte.ts'
import { svAcute, type AcuteTexts } from './sv-acute.ts'

/** The texts about acute needs in the language in use. */
export function acuteTexts(): AcuteTexts {
  return i18n.language === 'sv' ? svAcute : enAcute
}
