import type { Figure, PeriodLine } from '$core/shared/generated/api.ts'

/** What the last two estimates say of each other. */
export type Finding = 'more' | 'fewer' | 'same' | 'none'

/**
 * Compares the latest estimate with the one before. Only intervals that do not
 * touch are called a change: less than that cannot be told from chance.
 */
export function finding(points: readonly PeriodLine[]): Finding {
  const estimates = points
    .map((point) => point.estimate)
    .filter((estimate): estimate is Figure => estimate !== null)
  const latest = estimates.at(-1)
  const before = estimates.at(-2)
  if (!latest || !before) return 'none'
  if (latest.low > before.high) return 'more'
  if (latest.high < before.low) return 'fewer'
  return 'same'
}

/** The least round step, 1 or more, of which `count` reach over `range`. */
function step(range: number, count: number): number {
  const rough = Math.max(range, 1) / count
  const power = 10 ** Math.floor(Math.log10(rough))
  const round = [1, 2, 2.5, 5, 10].map((n) => n * power).find((n) => n >= rough) ?? 10 * power
  return Math.max(1, round)
}

/** Round values from 0 to at least `top`, at most `count` + 1 of them, ascending. */
export function ticks(top: number, count = 4): number[] {
  return ticksBetween(0, Math.max(top, 1), count)
}

/** Round values from at most `low` to at least `high`, at most `count` + 2 of them, ascending. */
export function ticksBetween(low: number, high: number, count: number): number[] {
  const whole = step(high - low, count)
  const first = Math.floor(low / whole)
  const last = Math.max(first + 1, Math.ceil(high / whole))
  return Array.from({ length: last - first + 1 }, (_, n) => (first + n) * whole)
}

/** The largest figure that the plot has to hold. */
export function most(points: readonly PeriodLine[]): number {
  return Math.max(1, ...points.map((point) => Math.max(point.seen, point.estimate?.high ?? 0)))
}
