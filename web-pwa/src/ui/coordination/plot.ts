import type { Interval, PeriodPoint } from '$core/coordination-core.ts'

/** What the last two estimates say of each other. */
export type Finding = 'more' | 'fewer' | 'same' | 'none'

/**
 * Compares the latest estimate with the one before. Only intervals that do not
 * touch are called a change: less than that cannot be told from chance.
 */
export function finding(points: readonly PeriodPoint[]): Finding {
  const estimates = points
    .map((point) => point.estimate)
    .filter((estimate): estimate is Interval => estimate !== null)
  const latest = estimates.at(-1)
  const before = estimates.at(-2)
  if (!latest || !before) return 'none'
  if (latest.low > before.high) return 'more'
  if (latest.high < before.low) return 'fewer'
  return 'same'
}

/** Round values from 0 to at least `top`, at most `count` + 1 of them, ascending. */
export function ticks(top: number, count = 4): number[] {
  const rough = Math.max(top, 1) / count
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = [1, 2, 2.5, 5, 10].map((n) => n * power).find((n) => n >= rough) ?? 10 * power
  const whole = Math.max(1, step)
  const steps = Math.ceil(Math.max(top, 1) / whole)
  return Array.from({ length: steps + 1 }, (_, n) => n * whole)
}

/** The largest figure that the plot has to hold. */
export function most(points: readonly PeriodPoint[]): number {
  return Math.max(1, ...points.map((point) => Math.max(point.seen, point.estimate?.high ?? 0)))
}
