import type { VisitRowTexts } from '../sv/visit-row.ts'
import { plural } from './plural.ts'

/** A visit in a line of a list, in English. */
export const visitRow: VisitRowTexts = {
  empty: 'Empty',
  withdrawn: 'Taken back',
  waiting: 'waiting',
  received: 'received',
  refused: 'not accepted',
  encounters: (n: number) => plural(n, { one: '1 encounter', other: `${n} encounters` }),
}
