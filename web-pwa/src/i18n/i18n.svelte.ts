import { sv, type Dictionary } from './sv.ts'

/** The languages of the interface. */
export type LanguageTag = 'sv' | 'en'

/** Swedish comes with the app's first file; English is a file of its own, so that nobody waits for both. */
const dictionaries: Record<LanguageTag, () => Promise<Dictionary>> = {
  sv: async () => sv,
  en: async () => (await import('./en.ts')).en,
}

/** The language in use and its texts; components that read it follow a change. */
class I18n {
  #language = $state<LanguageTag>('sv')
  #texts = $state.raw<Dictionary>(sv)

  /** Settled when the texts of the language that was chosen last are there. */
  loaded: Promise<void> = Promise.resolve()

  /** The language in use. */
  get language(): LanguageTag {
    return this.#language
  }

  /** Switches the language, for the page's markup as well. */
  set language(language: LanguageTag) {
    const loading = dictionaries[language]().then((texts) => {
      // Another one may have been chosen while this one was read.
      if (this.loaded !== loading) return
      this.#texts = texts
      this.#language = language
      document.documentElement.lang = language
    })
    // A file that cannot be read leaves the language as it was.
    this.loaded = loading
    loading.catch(() => undefined)
  }

  /** The texts in the language in use. */
  get t(): Dictionary {
    return this.#texts
  }

  /** The locale for numbers and dates. English keeps the 24-hour clock and day before month. */
  get locale(): string {
    return this.#language === 'sv' ? 'sv-SE' : 'en-GB'
  }
}

export const i18n = new I18n()
