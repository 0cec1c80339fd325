import { plural } from './plural.ts'

/** The state line: what is where, in Swedish. */
export const state = {
  /** The state line: what is where, in one line. */
  saved: 'Sparat på telefonen',
  waiting: (n: number) => `${n} väntar`,
  received: (time: string) => `mottaget ${time}`,
  neverReceived: 'inget mottaget än',
  offline: 'utan nät',
  refused: (n: number) => plural(n, { one: '1 togs inte emot', other: `${n} togs inte emot` }),
  putOff: 'mer tas emot senare',
}

export type StateTexts = typeof state
