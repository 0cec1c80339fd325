import { enInformation } from './en-information.ts'
import { i18n } from './i18n.svelte.ts'
import { svInformation, type InformationTexts } from './sv-information.ts'

/** The texts around leaflets in the language in use. */
export function informationTexts(): InformationTexts {
  return i18n.language === 'sv' ? svInformation : enInformation
}
