/** Makes new documents and records with every field in place, so that no form can forget one. */

import { BLANK_COUNT } from './blank.ts'
import type { CountFields, EncounterFields, NewPlace, VisitPart } from './intents.ts'
import type {
  Count,
  DatedState,
  DeviceId,
  DocumentId,
  Encounter,
  Instant,
  Place,
  Visit,
} from '../shared/model.ts'
import { nightOf } from '../shared/night.ts'
import type { Environment } from './ports.ts'

/** About 100 m north–south, in 1e-5 degrees; the same step is used east–west (about 50 m in Stockholm). */
const COARSE = 100

/** Nights whose documents' ids begin alike. */
const NIGHTS_ALIKE = 28
const DRAWN_BYTES = 14

/**
 * Returns the id of a document made now: in which four weeks, then what is drawn. Same rule as the
 * shared core (`DocumentId::made`).
 */
export function makeDocumentId(environment: Pick<Environment, 'now' | 'hex'>): DocumentId {
  // Two's complement, as there: a clock that is wrong makes an id all the same.
  const weeks = Math.floor(nightOf(environment.now()) / NIGHTS_ALIKE) & 0xffff
  return weeks.toString(16).padStart(4, '0') + environment.hex(DRAWN_BYTES)
}

/** Returns a count with the given fields; the rest at their defaults. */
export function makeCount(observer: DeviceId, at: Instant, fields: CountFields): Count {
  return {
    ...BLANK_COUNT,
    ...fields,
    observer,
    at,
    withdrawn: false,
  }
}

/** Returns an encounter with the given fields; the rest at their defaults (one adult, nothing known). */
export function makeEncounter(observer: DeviceId, at: Instant, fields: EncounterFields): Encounter {
  return {
    adults: 1,
    children: 0,
    group: 'unknown',
    languages: [],
    sleeping: 'unknown',
    met_before: 'unknown',
    met_by: null,
    code: null,
    needs: [],
    information: {},
    contacts: [],
    note: '',
    ...fields,
    observer,
    at,
    withdrawn: false,
  }
}

/** Returns a visit without records. */
export function makeVisit(place: DocumentId, at: Instant, drawn: boolean, part: VisitPart): Visit {
  return {
    place,
    started: at,
    ended: null,
    access: part.access ?? 'complete',
    basis: part.basis ?? (drawn ? 'drawn' : 'chosen'),
    weather_opening: part.weather_opening ?? false,
    counts: {},
    encounters: {},
    note: part.note ?? '',
    withdrawn: false,
  }
}

/** Degrees as the documents hold them, on the grid that the gate demands. */
export function storedDegrees(degrees: number): number {
  return Math.round((degrees * 1e5) / COARSE) * COARSE
}

/** Returns a place, in the state in which it is found: active. */
export function makePlace(at: Instant, state: [string, DatedState], place: NewPlace): Place {
  return {
    name: place.name.trim(),
    place_type: place.place_type,
    district: place.district,
    latitude: place.position && storedDegrees(place.position.latitude),
    longitude: place.position && storedDegrees(place.position.longitude),
    exact: false,
    created: at,
    states: { [state[0]]: state[1] },
    tips: {},
    proposals: {},
    same_as: null,
    note: place.note ?? '',
    withdrawn: false,
  }
}

/** Returns the best figure of a count: everybody seen, of whatever age. */
export function bestOf(count: Pick<Count, 'adults' | 'children' | 'unknown'>): number {
  return count.adults + count.children + count.unknown
}
