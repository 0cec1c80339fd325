import type { FailureCode } from '$core/shared/failure.ts'

/** The explanations of an invitation that did not work. */
export type EnrolProblem = 'code_unknown' | 'code_used' | 'code_expired' | 'unreachable' | 'unknown'

/** Returns which of the designed states a failure belongs to. */
export function enrolProblem(code: FailureCode): EnrolProblem {
  switch (code) {
    case 'code_unknown':
    case 'code_used':
    case 'code_expired':
      return code
    case 'offline':
    case 'unreachable':
    case 'busy':
    case 'server_error':
      return 'unreachable'
    default:
      return 'unknown'
  }
}

/** Returns the code in what somebody pasted: a whole link, its end, or the code itself. */
export function invitationCode(text: string): string {
  return (text.split('enrol=').at(-1) ?? '').split('&')[0]?.trim() ?? ''
}
