import { Failure, type FailureCode } from './field-core.ts'

/** An action's outcome as it crosses between threads, where errors lose their code. */
export type Result<T> = { ok: true; value: T } | { ok: false; code: FailureCode; detail: string }

/** Any error as a {@link Failure}. */
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
