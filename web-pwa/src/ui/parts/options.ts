/** Choices from a closed list and its words. */
export function options<T extends string>(
  codes: readonly T[],
  words: Record<T, string>,
): { value: T; label: string }[] {
  return codes.map((value) => ({ value, label: words[value] }))
}

/** Returns the words of what is chosen, in one line. */
export function listed<T extends string>(codes: readonly T[], words: Record<T, string>): string {
  return codes.map((code) => words[code]).join(', ')
}
