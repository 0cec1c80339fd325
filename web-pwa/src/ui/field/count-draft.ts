import type { CountFields } from '$core/outreach/intents.ts'
import type { Access, Count, Sleeping } from '$core/shared/model.ts'

/** A count as it is being filled in. Plain JSON, so that it can be kept as a draft. */
export interface CountDraft {
  access: Access
  weather_opening: boolean
  adults: number
  children: number
  unknown: number
  low: number | null
  high: number | null
  eu_eea: number | null
  third_country: number | null
  sleeping: Sleeping
  method: Count['method']
  tents: number | null
  tents_opened: number | null
  persons_in_opened: number | null
}

/** Returns a count with nothing filled in. */
export function emptyCount(sleeping: Sleeping = 'unknown'): CountDraft {
  return {
    access: 'complete',
    weather_opening: false,
    adults: 0,
    children: 0,
    unknown: 0,
    low: null,
    high: null,
    eu_eea: null,
    third_country: null,
    sleeping,
    method: 'seen',
    tents: null,
    tents_opened: null,
    persons_in_opened: null,
  }
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
