/** An invitation that was opened: what it is for is asked; it is used when a person says so. */

import { asFailure, type FailureCode } from './failure.ts'
import type { InvitationAbout } from './generated/api.ts'

/** Refusals after which trying again is of no use. */
export const FINAL: ReadonlySet<FailureCode> = new Set([
  'code_unknown',
  'code_used',
  'code_expired',
])

/** `about`: `null` when this browser has begun to use it already, and the answer was lost. */
export interface Invited {
  phase: 'invited'
  about: InvitationAbout | null
}

/** An invitation is being used (no `failure`), or was refused; `retry`: trying again can help. */
export interface Enrolling {
  phase: 'enrolling'
  failure: { code: FailureCode; retry: boolean } | null
}

export interface InvitationParts {
  /** The invitation in the address bar, which stays there until `leaveInvitation`. */
  invitationInAddress(): string | null
  /** Takes the invitation out of the address bar. */
  leaveInvitation(): void
  /** Asks what an invitation is for; `null` when this browser has begun to use it. */
  aboutInvitation(code: string): Promise<InvitationAbout | null>
}

/** Returns what to show of an invitation that was opened. Uses nothing up. */
export async function invitedBy(
  code: string,
  parts: InvitationParts,
): Promise<Invited | Enrolling> {
  try {
    return { phase: 'invited', about: await parts.aboutInvitation(code) }
  } catch (error) {
    return refused(error, parts)
  }
}

/** Returns what to show of a refusal. */
export function refused(error: unknown, parts: InvitationParts): Enrolling {
  const { code } = asFailure(error)
  const retry = !FINAL.has(code)
  if (!retry) parts.leaveInvitation()
  return { phase: 'enrolling', failure: { code, retry } }
}
