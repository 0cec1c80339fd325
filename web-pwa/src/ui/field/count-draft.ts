import { BLANK_COUNT } from '$core/outreach/blank.ts'
import type { CountFields } from '$core/outreach/intents.ts'
import type { Count, Sleeping, Visit } from '$core/shared/model.ts'

/** A count as it is being filled in. Plain JSON, so that it can be kept as a draft. */
export type CountDraft = Required<CountFields> & Pick<Visit, 'access' | 'weather_opening'>

/** Returns a count with nothing filled in. */
export function emptyCount(sleeping: Sleeping = 'unknown'): CountDraft {
  return { access: 'complete', weather_opening: false, ...BLANK_COUNT, sleeping }
}

/** Returns the draft that changes a recorded count. */
export function draftOf(count: Count): CountDraft {
  const { observer: _observer, at: _at, withdrawn: _withdrawn, ...fields } = count
  return { access: 'complete', weather_opening: false, ...fields }
}

/** Returns what the draft says of the count itself. */
export function fieldsOf(draft: CountDraft): CountFields {
  const { access: _access, weather_opening: _weather, ...fields } = draft
  return fields
}

/** Adds up everybody who was counted. */
export function total(draft: Pick<CountDraft, 'adults' | 'children' | 'unknown'>): number {
  return draft.adults + draft.children + draft.unknown
}
