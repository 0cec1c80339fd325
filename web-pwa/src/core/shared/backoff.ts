/** How long to wait after passphrases that were wrong. */

import type { Instant } from './model.ts'

/** Seconds after the n-th wrong one in a row; the last goes for all that follow. */
const SECONDS = [0, 0, 0, 5, 15, 60, 300, 900] as const

/** Milliseconds to wait after `failures` wrong passphrases in a row. */
export function waitAfterWrong(failures: number): number {
  return (SECONDS[Math.min(failures, SECONDS.length) - 1] ?? 0) * 1000
}

/** The attempts to open a lock so far. */
export interface Attempts {
  /** Wrong ones in a row; one that is under way counts as wrong until it was right. */
  failures: number
  /** When the latest was made. */
  tried_at: Instant
}

/** Returns when the next attempt may be made; `null` when at once. A clock that was put back does not shorten the wait. */
export function nextAttempt({ failures, tried_at }: Attempts, now: Instant): Instant | null {
  const wait = waitAfterWrong(failures)
  if (now < tried_at) return wait === 0 ? null : now + wait
  return tried_at + wait > now ? tried_at + wait : null
}
