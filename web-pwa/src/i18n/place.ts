import { enPlace } from './en-place.ts'
import { i18n } from './i18n.svelte.ts'
import { svPlace, type PlaceTexts } from './sv-place.ts'

/** The texts about places and the help in the language in use. */
export function placeTexts(): PlaceTexts {
  return i18n.language === 'sv' ? svPlace : enPlace
}
