/** A stable code for each thing that can go wrong; the dictionaries have a sentence for each. */
export const FAILURES = [
  // Enrolment of a phone
  'code_unknown',
  'code_used',
  'code_expired',
  'already_enrolled',
  // Reaching the server
  'offline',
  'unreachable',
  'busy',
  'server_full',
  'server_error',
  'token_unknown',
  'device_revoked',
  'signature_wrong',
  'protocol_unknown',
  'too_large',
  'clock_wrong',
  'forbidden',
  'not_found',
  'already_drawn',
  'still_refused',
  'too_many_acts',
  'nothing_to_draw',
  'reply_refused',
  // Storage and engine of the phone
  'storage_full',
  'storage_lost',
  'schema_newer',
  'core_crashed',
  'no_leader',
  // The lock of the phone
  'locked',
  'passphrase_wrong',
  'passphrase_wait',
  'passphrase_weak',
  'passkey_failed',
  // What the worker asked for
  'invalid',
  'gone',
  'not_ready',
  'unknown',
] as const
export type FailureCode = (typeof FAILURES)[number]

/** The error that actions reject with. `detail` is for a report, in English, and holds no content. */
export class Failure extends Error {
  readonly code: FailureCode
  readonly detail: string
  constructor(code: FailureCode, detail = '') {
    super(detail === '' ? code : `${code}: ${detail}`)
    this.name = 'Failure'
    this.code = code
    this.detail = detail
  }
}

/** An action's outcome as it crosses between threads, where errors lose their code. */
export type Result<T> = { ok: true; value: T } | { ok: false; code: FailureCode; detail: string }

/** Converts any error to a {@link Failure}. */
export function asFailure(error: unknown, otherwise: FailureCode = 'unknown'): Failure {
  if (error instanceof Failure) return error
  return new Failure(otherwise, error instanceof Error ? `${error.name}: ${error.message}` : '')
}

/** Runs an action and wraps up how it went. */
export async function settle<T>(action: () => Promise<T>): Promise<Result<T>> {
  try {
    return { ok: true, value: await action() }
  } catch (error) {
    const { code, detail } = asFailure(error)
    return { ok: false, code, detail }
  }
}

/** Unwraps an outcome. */
export function unwrap<T>(result: Result<T>): T {
  if (result.ok) return result.value
  throw new Failure(result.code, result.detail)
}
