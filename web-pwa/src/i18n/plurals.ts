/** Picks, of a text's forms, the one that goes with a number in a language. */
export interface Plural<Form extends Intl.LDMLPluralRule> {
  (n: number, texts: Record<Form, string>): string
  /** The forms that the language has. */
  forms: readonly Form[]
}

/** Returns the picker of a language, of which each text then must have all of `forms`. */
export function plurals<Form extends Intl.LDMLPluralRule>(
  tag: string,
  forms: readonly Form[],
): Plural<Form> {
  // Made once, and not before it is needed: that takes a slow phone a millisecond or more.
  let rules: Intl.PluralRules | undefined
  const pick = (n: number, texts: Record<Form, string>) => {
    rules ??= new Intl.PluralRules(tag)
    return texts[rules.select(n) as Form]
  }
  return Object.assign(pick, { forms })
}
