import { enAuthority } from './en-authority.ts'
import { i18n } from './i18n.svelte.ts'
import { svAuthority, type AuthorityTexts } from './sv-authority.ts'

/** The texts about what may not be changed, in the language in use. */
export function authorityTexts(): AuthorityTexts {
  return i18n.language === 'sv' ? svAuthority : enAuthority
}
