const CONSONANTS = 'bdfghjklmnprstv'
const VOWELS = 'aeiouy'
const WORDS = 4
const SYLLABLES = 2

/** Returns a whole number below `n`, each as likely as the next. */
function below(n: number): number {
  const limit = 256 - (256 % n)
  for (;;) {
    const drawn = crypto.getRandomValues(new Uint8Array(1))[0] ?? 0
    if (drawn < limit) return drawn % n
  }
}

/** Returns a passphrase of made-up words that can be said in any language: 90⁸ ≈ 2⁵² of them. */
export function suggestedPassphrase(): string {
  const syllable = (): string =>
    (CONSONANTS[below(CONSONANTS.length)] ?? '') + (VOWELS[below(VOWELS.length)] ?? '')
  const word = (): string => Array.from({ length: SYLLABLES }, syllable).join('')
  return Array.from({ length: WORDS }, word).join(' ')
}
