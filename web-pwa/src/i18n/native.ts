import type { Language } from '$core/shared/model.ts'

/** Each language's own name. */
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
