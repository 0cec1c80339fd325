import { plural } from './plural.ts'

/** A visit in a line of a list, in Swedish. */
export const visitRow = {
  empty: 'Tomt',
  withdrawn: 'Tillbakataget',
  waiting: 'väntar',
  received: 'mottaget',
  refused: 'togs inte emot',
  encounters: (n: number) => plural(n, { one: '1 möte', other: `${n} möten` }),
}

export type VisitRowTexts = typeof visitRow
