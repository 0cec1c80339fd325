import type { Language } from '$core/shared/model.ts'

/** What each language is called by those who speak it. */
export const native: Record<Language, string> = {
  sv: 'Svenska',
  en: 'English',
  ro: 'Română',
  bg: 'Български',
  pl: 'Polski',
  es: 'Español',
  fr: 'Français',
  uk: 'Українська',
  ru: 'Русский',
  ar: 'العربية',
  tr: 'Türkçe',
  de: 'Deutsch',
  other: '…',
}
