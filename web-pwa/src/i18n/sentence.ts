import type { Message } from '$core/shared/generated/api.ts'

/** A sentence; where it depends on one of its numbers, one for each sort of number. */
export type Sentence =
  string | ({ plural: string; other: string } & Partial<Record<Intl.LDMLPluralRule, string>>)

/** A value's place: `{seen}`, or `{times:2}` with two decimals. */
const VALUE = /\{(\w+)(?::(\d))?\}/g

/** Puts a code's values into its sentence. A code that the catalogue lacks stands for itself. */
export function sentence(
  { code, params }: Message,
  catalogue: Record<string, Sentence>,
  locale: string,
): string {
  const found = catalogue[code] ?? code
  const text =
    typeof found === 'string'
      ? found
      : (found[new Intl.PluralRules(locale).select(Number(params[found.plural]))] ?? found.other)
  return text.replace(VALUE, (_place, name: string, digits = '0') => {
    const value = params[name]
    if (typeof value === 'string') return sentence({ code: value, params: {} }, catalogue, locale)
    const decimals = Number(digits)
    return Number(value).toLocaleString(locale, {
      minimumFractionDigits: decimals,
      maximumFractionDigits: decimals,
      useGrouping: false,
    })
  })
}
