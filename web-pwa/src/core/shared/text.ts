/** What people type: letters nobody sees, digits of every script, lengths. */

/**
 * Characters that show nothing: format characters, controls, fillers. Among them are the
 * joiners that Persian and emoji need, so they are left out when texts are compared, and
 * taken out of a name only where they stand alone.
 */
const UNSEEN = /[\p{Default_Ignorable_Code_Point}\p{Cf}\p{Cc}\u2800]/gu
/** Those that no name needs: marks of direction, line ends, zero-width spaces, soft hyphens. */
const NEEDLESS =
  /(?![\p{Join_Control}\p{Variation_Selector}])[\p{Default_Ignorable_Code_Point}\p{Cf}\p{Cc}\u2800]/gu

/** Returns a text without what nobody sees, for comparing. */
export const seen = (text: string): string => text.replaceAll(UNSEEN, '')

/** Whether a text shows nothing. */
export const isBlank = (text: string): boolean => seen(text).trim() === ''

/** Returns a name as it is kept: one line, single spaces, nothing that turns or hides what stands beside it. */
export function cleanName(text: string): string {
  if (isBlank(text)) return ''
  return text.normalize('NFC').replaceAll(/\s+/gu, ' ').replaceAll(NEEDLESS, '').trim()
}

/** Returns the value of a decimal digit: those of a script stand in a row, from zero. */
function digitValue(digit: string): number {
  let code = digit.codePointAt(0) ?? 0
  let steps = 0
  while (/^\p{Nd}$/u.test(String.fromCodePoint(code - 1))) {
    code -= 1
    steps += 1
  }
  return steps % 10
}

/** Returns a text with the digits of every script as 0–9. */
export const withLatinDigits = (text: string): string =>
  text.replaceAll(/(?![0-9])\p{Nd}/gu, (digit) => String(digitValue(digit)))

/** Reads a whole number as people type it: `null` for an empty field, `undefined` for what cannot be read. */
export function wholeNumber(text: string): number | null | undefined {
  // Spaces part thousands.
  const digits = withLatinDigits(seen(text)).replaceAll(/\s/gu, '')
  if (digits === '') return null
  return /^\d{1,9}$/.test(digits) ? Number(digits) : undefined
}
