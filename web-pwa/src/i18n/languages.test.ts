import { describe, expect, test } from 'vitest'
import { isLanguage, languages, type Bundle, type LanguageTag } from './languages.ts'
import type { Plural } from './plurals.ts'

const tags = Object.keys(languages) as LanguageTag[]
const plurals = import.meta.glob<Plural<Intl.LDMLPluralRule>>('./*/plural.ts', {
  eager: true,
  import: 'plural',
})

/** Everything that is said in a language, whichever page needs it. */
async function everything(tag: LanguageTag): Promise<object> {
  const { start, bundles } = await languages[tag].load()
  const names = Object.keys(bundles) as Bundle[]
  const loaded = await Promise.all(names.map(async (name) => ({ ...(await bundles[name]()) })))
  return { start, ...Object.fromEntries(names.map((name, i) => [name, loaded[i]])) }
}

type Leaf = string | ((...given: never[]) => string)

/** Each text by its path, such as `start.common.back`. */
function leaves(node: object, path = ''): [string, Leaf][] {
  return Object.entries(node).flatMap(([key, value]: [string, Leaf | object]) => {
    const at = path === '' ? key : `${path}.${key}`
    return typeof value === 'object' ? leaves(value, at) : [[at, value] satisfies [string, Leaf]]
  })
}

/** Said of a number; it is a word to those texts that are given one. */
const said = (text: Leaf, n: number): string =>
  typeof text === 'string'
    ? text
    : text(...(Array.from({ length: 5 }, () => new String(n)) as unknown as never[]))

describe.each(tags)('in %s', (tag) => {
  test('everything is said that Swedish says', async () => {
    // Lists may be longer in one language than in another.
    const paths = async (one: LanguageTag) =>
      leaves(await everything(one))
        .map(([path, text]) => `${path.replace(/\.\d+\b/g, '')} ${typeof text}`)
        .filter((path, i, all) => all.indexOf(path) === i)
        .toSorted()
    expect(await paths(tag)).toEqual(await paths('sv'))
  })

  test('every form of every text is there', async () => {
    const plural = plurals[`./${tag}/plural.ts`]
    const { pluralCategories } = new Intl.PluralRules(tag).resolvedOptions()
    expect(plural?.forms.toSorted()).toEqual(pluralCategories.toSorted())
    for (const [path, text] of leaves(await everything(tag))) {
      for (const n of [0, 1, 2, 5, 11, 21, 1_000_000]) {
        expect(said(text, n).trim(), `${path} of ${n}`).not.toMatch(/^$|undefined|NaN/)
      }
    }
  })
})

test('a language that is not listed has no interface', () => {
  expect(isLanguage('en')).toBe(true)
  expect(isLanguage('tlh')).toBe(false)
  expect(isLanguage(null)).toBe(false)
})
