import { sv, type LanguageTexts } from './sv/index.ts'

interface Listed {
  /** The language's own name. */
  name: string
  /** For numbers and dates. English keeps the 24-hour clock and day before month. */
  locale: string
  load: () => Promise<LanguageTexts>
}

const listed = <Tag extends string>(languages: Record<Tag, Listed>) => languages

/**
 * The languages of the interface; a further one is a folder and a line here. Swedish comes with
 * the app's first file; any other is a file of its own, so that nobody waits for several.
 */
export const languages = listed({
  sv: { name: 'Svenska', locale: 'sv-SE', load: async () => sv },
  en: { name: 'English', locale: 'en-GB', load: async () => (await import('./en/index.ts')).en },
})

export type LanguageTag = keyof typeof languages

/** Returns whether there is an interface in a language. */
export const isLanguage = (tag: string | undefined | null): tag is LanguageTag =>
  Object.keys(languages).includes(tag ?? '')

/** Returns the languages to choose between, each under its own name. */
export const languageOptions = (Object.keys(languages) as LanguageTag[]).map((value) => ({
  value,
  label: languages[value].name,
}))

/** Texts that are loaded together, by the pages that need them. */
export type Bundle = keyof LanguageTexts['bundles']

type TextsOf<B extends Bundle> = Awaited<ReturnType<LanguageTexts['bundles'][B]>>

/** Every text of the interface. Those of a bundle are there once it has been loaded. */
export type Texts = LanguageTexts['start'] &
  TextsOf<'lock'> &
  TextsOf<'records'> &
  TextsOf<'visitors'> &
  TextsOf<'desk'> &
  TextsOf<'method'>
