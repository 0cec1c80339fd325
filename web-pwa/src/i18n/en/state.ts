import type { StateTexts } from '../sv/state.ts'

/** The state line: what is where, in English. */
export const state: StateTexts = {
  saved: 'Saved on the phone',
  waiting: (n: number) => `${n} waiting`,
  received: (time: string) => `received ${time}`,
  neverReceived: 'nothing received yet',
  offline: 'no network',
  refused: (n: number) => `${n} not accepted`,
  putOff: 'more is taken later',
}
