import { languages, type Bundle, type LanguageTag, type Texts } from './languages.ts'
import { sv } from './sv/index.ts'

/** The language in use and its texts; components that read it follow a change. */
class I18n {
  #language = $state<LanguageTag>('sv')
  #texts = $state.raw(sv.start as Texts)
  #needed = new Set<Bundle>()

  /** Settled when the language that was chosen last, and what was needed last, are there. */
  loaded: Promise<unknown> = Promise.resolve()

  /** Returns the language in use. */
  get language(): LanguageTag {
    return this.#language
  }

  /** Switches the language, for the page's markup as well. */
  set language(language: LanguageTag) {
    // A file that cannot be read leaves the language as it was.
    this.#show(language).catch(() => undefined)
  }

  /** Returns the texts in the language in use. */
  get t(): Texts {
    return this.#texts
  }

  /** Returns the locale for numbers and dates. */
  get locale(): string {
    return languages[this.#language].locale
  }

  /** Picks, from what the server says in some languages only, the language in use or English. */
  of<T>(said: { sv: T; en: T }): T {
    return (said as Partial<Record<LanguageTag, T>>)[this.#language] ?? said.en
  }

  /** Loads further texts, which stay through every change of language. */
  async need(bundle: Bundle): Promise<void> {
    this.#needed.add(bundle)
    try {
      await this.#show()
    } catch (error) {
      this.#needed.delete(bundle)
      throw error
    }
  }

  /** Shows a language with everything that is needed so far, after what was asked for before. */
  #show(chosen?: LanguageTag): Promise<void> {
    const showing = this.loaded.then(async () => {
      const language = chosen ?? this.#language
      const { start, bundles } = await languages[language].load()
      const more = await Promise.all([...this.#needed].map((bundle) => bundles[bundle]()))
      this.#texts = Object.assign({}, start, ...more) as Texts
      this.#language = language
      document.documentElement.lang = language
    })
    this.loaded = showing.catch(() => undefined)
    return showing
  }
}

export const i18n = new I18n()
