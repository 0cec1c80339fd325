/** What a form begins with. A file of its own: the first page needs none of it. */

import type { CountFields } from './intents.ts'

/** A count of which nothing has been said. */
export const BLANK_COUNT: Required<CountFields> = {
  adults: 0,
  children: 0,
  unknown: 0,
  low: null,
  high: null,
  eu_eea: null,
  third_country: null,
  sleeping: 'unknown',
  method: 'seen',
  tents: null,
  tents_opened: null,
  persons_in_opened: null,
}
