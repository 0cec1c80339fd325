import { i18n } from '$i18n/i18n.svelte.ts'
import { isLanguage, type LanguageTag } from '$i18n/languages.ts'

/** Light or dark, by the phone or by hand. */
export type Theme = 'system' | 'light' | 'dark'

interface Stored {
  theme: Theme
  language: LanguageTag | null
  near: boolean
}

const KEY = 'lagesbild.preferences'
const defaults: Stored = { theme: 'system', language: null, near: false }

function read(): Stored {
  try {
    return { ...defaults, ...(JSON.parse(localStorage.getItem(KEY) ?? '{}') as Partial<Stored>) }
  } catch {
    return defaults
  }
}

/** Choices about the app itself. Nothing that is recorded is kept here. */
class Preferences {
  #stored = $state.raw<Stored>(read())

  /** Puts the choices into effect; called once before anything is drawn. */
  apply(): void {
    const browser = navigator.languages.map((tag) => tag.split('-')[0])
    // Swedish for somebody whose browser asks for none of the languages.
    i18n.language = [this.#stored.language, ...browser].find(isLanguage) ?? 'sv'
    this.#paint()
  }

  get theme(): Theme {
    return this.#stored.theme
  }

  set theme(theme: Theme) {
    this.#keep({ theme })
    this.#paint()
  }

  get language(): LanguageTag {
    return i18n.language
  }

  set language(language: LanguageTag) {
    i18n.language = language
    this.#keep({ language })
  }

  /** Returns whether places are shown nearest first, by the phone's position. */
  get near(): boolean {
    return this.#stored.near
  }

  set near(near: boolean) {
    this.#keep({ near })
  }

  #keep(change: Partial<Stored>): void {
    this.#stored = { ...this.#stored, ...change }
    try {
      localStorage.setItem(KEY, JSON.stringify(this.#stored))
    } catch {
      // A choice that cannot be kept still holds until the page closes.
    }
  }

  #paint(): void {
    const { theme } = this.#stored
    const root = document.documentElement
    if (theme === 'system') delete root.dataset['theme']
    else root.dataset['theme'] = theme
    const dark = theme === 'dark' ? true : theme === 'light' ? false : null
    for (const meta of document.querySelectorAll<HTMLMetaElement>('meta[name=theme-color]')) {
      const isDark = dark ?? meta.media.includes('dark')
      meta.content = isDark ? '#0b0d0e' : '#ffffff'
    }
  }
}

export const preferences = new Preferences()
