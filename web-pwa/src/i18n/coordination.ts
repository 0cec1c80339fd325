import type { FailureCode } from '$core/field-core.ts'
import { enCoordination } from './en-coordination.ts'
import { i18n } from './i18n.svelte.ts'
import { svCoordination, type CoordinationTexts } from './sv-coordination.ts'

/** The texts of the coordination face in the language in use. */
export function coordinationTexts(): CoordinationTexts {
  return i18n.language === 'sv' ? svCoordination : enCoordination
}

/** What went wrong, said for somebody at a desk. */
export function coordinationFailure(code: FailureCode): string {
  return coordinationTexts().failure[code] ?? i18n.t.failure[code]
}
