/** Which of the limits set beforehand a period breaks, each by the quantity it is about. */

import type { EstimateReport, PeopleReport } from '../shared/generated/api.ts'

/** The reason that each limit refuses with, and the quantity it is set for. */
const QUANTITY = {
  coverage_too_low: 'night',
  too_few_drawn: 'night',
  interval_too_wide: 'night',
  list_too_short: 'people',
  overlap_too_small: 'people',
  models_disagree: 'people',
  period_too_long: 'people',
} as const

export type LimitCode = keyof typeof QUANTITY

/**
 * Returns the limits that are broken. Both quantities refuse with some of the same reasons: that
 * the people's interval is too wide says nothing of the night's.
 */
export function brokenLimits(
  night: Pick<EstimateReport, 'method'>,
  people: Pick<PeopleReport, 'refusals'>,
): ReadonlySet<LimitCode> {
  const refusals = { night: night.method.refusals, people: people.refusals }
  const codes = Object.keys(QUANTITY) as LimitCode[]
  return new Set(
    codes.filter((code) => refusals[QUANTITY[code]].some((reason) => reason.code === code)),
  )
}
