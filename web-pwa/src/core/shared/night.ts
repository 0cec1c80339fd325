/** Nights: 12:00–12:00 in Stockholm, named by the date on which they start. Same rule as the shared core. */

import type { Instant, NightDate, NightNumber } from './model.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR

/** Returns 01:00 UTC on the last Sunday of the month (0 = January; both months have 31 days). */
function change(year: number, month: number): Instant {
  const last = Date.UTC(year, month, 31, 1)
  return last - new Date(last).getUTCDay() * DAY
}

/** Milliseconds that Stockholm is ahead of UTC (summer time by Directive 2000/84/EC). */
export function stockholmOffset(at: Instant): number {
  const year = new Date(at).getUTCFullYear()
  return at >= change(year, 2) && at < change(year, 9) ? 2 * HOUR : HOUR
}

/** Returns the night that an instant belongs to. */
export function nightOf(at: Instant): NightNumber {
  return Math.floor((at + stockholmOffset(at) - 12 * HOUR) / DAY)
}

/** Returns when a night starts: noon in Stockholm. Clocks never change at noon. */
export function nightStart(night: NightNumber): Instant {
  const noon = night * DAY + 12 * HOUR
  return noon - stockholmOffset(noon)
}

/** Formats a night as the date on which it starts, `YYYY-MM-DD`. */
export function nightDate(night: NightNumber): NightDate {
  return new Date(night * DAY).toISOString().slice(0, 10)
}

/** Returns the number of a night's date. */
export function nightNumber(date: NightDate): NightNumber {
  return Math.round(Date.parse(`${date}T00:00:00Z`) / DAY)
}
