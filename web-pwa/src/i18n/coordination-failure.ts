import type { FailureCode } from '$core/shared/failure.ts'
import { i18n } from './i18n.svelte.ts'

/** Says what went wrong, for somebody at a desk. */
export function coordinationFailure(code: FailureCode): string {
  return i18n.t.coordination.failure[code] ?? i18n.t.failure[code]
}
