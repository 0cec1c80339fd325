import { enSync } from './en-sync.ts'
import { i18n } from './i18n.svelte.ts'
import { svSync, type SyncTexts } from './sv-sync.ts'

/** The texts of what the server did not take in in the language in use. */
export function syncTexts(): SyncTexts {
  return i18n.language === 'sv' ? svSync : enSync
}
