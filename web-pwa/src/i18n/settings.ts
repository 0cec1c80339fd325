import { enSettings } from './en-settings.ts'
import { i18n } from './i18n.svelte.ts'
import { svSettings, type SettingsTexts } from './sv-settings.ts'

/** The texts of the settings in the language in use. */
export function settingsTexts(): SettingsTexts {
  return i18n.language === 'sv' ? svSettings : enSettings
}
