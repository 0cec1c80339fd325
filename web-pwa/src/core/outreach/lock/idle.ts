/** When a phone that nobody uses locks. */

import type { Configuration } from '../../shared/member.ts'
import type { Instant } from '../../shared/model.ts'

const DAY_MS = 86_400_000

/** When somebody last looked at any of the tabs, and touched one. */
export interface Use {
  seen: Instant
  touched: Instant
}

/** Returns how long until it locks, in milliseconds; 0 or less when it is time. `visible`: whether this tab is looked at. */
export function lockIn(
  { seen, touched }: Use,
  visible: boolean,
  limits: Configuration['phones'],
  now: Instant,
): number {
  const idle = touched + limits.idle_minutes * 60_000 - now
  const hidden = visible ? Infinity : seen + limits.hidden_seconds * 1000 - now
  return Math.min(idle, hidden)
}

/**
 * Returns how many days over its lease a phone is: since `contact`, when the server was
 * last heard from; `null` while it is within it. A clock that was put back by
 * more than a day is as good as a lease that ran out.
 */
export function leaseOver(
  contact: Instant | null,
  limits: Configuration['phones'],
  now: Instant,
): { days: number } | null {
  if (contact === null) return null
  const age = now - contact
  if (age > -DAY_MS && age <= limits.lease_days * DAY_MS) return null
  return { days: Math.max(0, Math.floor(age / DAY_MS)) }
}
