/** Calls of the server, with what went wrong as a `Failure`. */

import { Failure, FAILURES, type FailureCode } from '$core/shared/failure.ts'
import { RetryAfter } from '$core/shared/retry-after.ts'

/** Longest wait for an answer. A slow mobile network needs its time. */
const TIMEOUT_MS = 60_000

const KNOWN: ReadonlySet<string> = new Set(FAILURES)

/** The server's codes whose meaning for the app goes by another name. */
const RENAMED: Readonly<Record<string, FailureCode>> = { storage_full: 'server_full' }

/** Failures for answers that carry no code that we know. */
function byStatus(status: number): FailureCode {
  if (status === 401) return 'token_unknown'
  if (status === 403) return 'forbidden'
  if (status === 404) return 'not_found'
  if (status === 413) return 'too_large'
  if (status === 429 || status === 503) return 'busy'
  if (status === 507) return 'server_full'
  return 'server_error'
}

function retryAfterMs(response: Response): number | null {
  const seconds = Number(response.headers.get('retry-after') ?? NaN)
  return Number.isFinite(seconds) && seconds >= 0 ? Math.min(seconds, 3_600) * 1000 : null
}

async function refusal(response: Response): Promise<Failure> {
  let code = byStatus(response.status)
  let detail = `HTTP ${response.status}`
  if (response.headers.get('content-type')?.includes('json')) {
    const problem: unknown = await response.json().catch(() => null)
    if (typeof problem === 'object' && problem !== null && 'code' in problem) {
      const stated = String(problem.code)
      detail = `HTTP ${response.status} ${stated}`
      const known = RENAMED[stated] ?? stated
      if (KNOWN.has(known)) code = known as FailureCode
    }
  }
  const wait = retryAfterMs(response)
  return wait === null ? new Failure(code, detail) : new RetryAfter(code, detail, wait)
}

/** Fetches `path`; rejects unless the server answers well. */
export async function call(path: string, init: RequestInit = {}): Promise<Response> {
  let response: Response
  try {
    response = await fetch(path, {
      cache: 'no-store',
      credentials: 'same-origin',
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MS),
      ...init,
    })
  } catch (error) {
    const offline = typeof navigator !== 'undefined' && !navigator.onLine
    const detail = error instanceof Error ? error.name : ''
    throw new Failure(offline ? 'offline' : 'unreachable', detail)
  }
  if (!response.ok) throw await refusal(response)
  return response
}

/** Returns the JSON that `path` answers with. */
export async function callJson<T>(path: string, init: RequestInit = {}): Promise<T> {
  const response = await call(path, init)
  try {
    return (await response.json()) as T
  } catch {
    // A captive portal answers everything with a page of its own.
    throw new Failure('unreachable', 'the answer is not JSON')
  }
}

/** Returns the options of a `POST` of JSON. */
export function posting(body: unknown, headers: Record<string, string> = {}): RequestInit {
  return {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json', ...headers },
  }
}
