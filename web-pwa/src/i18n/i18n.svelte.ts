import { en } from './en.ts'
import { sv, type Dictionary } from './sv.ts'

/** The languages of the interface. */
export type LanguageTag = 'sv' | 'en'

const dictionaries: Record<LanguageTag, Dictionary> = { sv, en }

/** The language in use and its texts; components that read it follow a change. */
class I18n {
  #language = $state<LanguageTag>('sv')

  /** The language in use. */
  get language(): LanguageTag {
    return this.#language
  }

  /** Switches the language, for the page's markup as well. */
  set language(language: LanguageTag) {
    this.#language = language
    document.documentElement.lang = language
  }

  /** The texts in the language in use. */
  get t(): Dictionary {
    return dictionaries[this.#language]
  }

  /** The locale for numbers and dates. English keeps the 24-hour clock and day before month. */
  get locale(): string {
    return this.#language === 'sv' ? 'sv-SE' : 'en-GB'
  }
}

export const i18n = new I18n()
