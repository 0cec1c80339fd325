/** The rules for a passphrase: long enough to hold against whoever takes the phone apart. */

/** Least characters. */
export const LEAST_CHARACTERS = 12
/** Least different characters. */
const LEAST_DIFFERENT = 5

export type PassphraseProblem = 'short' | 'digits' | 'same'

/** Returns what is wrong with a passphrase; `null` when nothing is. */
export function passphraseProblem(text: string): PassphraseProblem | null {
  const letters = [...normalisedPassphrase(text)]
  if (letters.length < LEAST_CHARACTERS) return 'short'
  if (letters.every((letter) => /[\d\s.-]/.test(letter))) return 'digits'
  if (new Set(letters.map((letter) => letter.toLowerCase())).size < LEAST_DIFFERENT) return 'same'
  return null
}

/** Returns the same text however the keyboard composed it; spaces at the ends do not count. */
export function normalisedPassphrase(text: string): string {
  return text.normalize('NFKC').trim().replace(/\s+/g, ' ')
}
