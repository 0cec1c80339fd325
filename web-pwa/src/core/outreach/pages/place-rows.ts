/** Places as rows, in the order that is asked for. */

import { nightDate, nightNumber, nightOf } from '../../shared/night.ts'
import type { PlaceQuery, PlaceRow } from '../page-models.ts'
import type { Position } from '../field-core.ts'
import type {
  DocumentId,
  Instant,
  NightDate,
  NightNumber,
  Place,
  PlaceState,
} from '../../shared/model.ts'
import type { PageData } from './data.ts'

/** A position older than this says little about where the worker is. */
const POSITION_MS = 900_000
const EARTH_METRES = 6_371_000

/** Metres between two positions (haversine; R. W. Sinnott, "Virtues of the Haversine", 1984). */
export function metresBetween(
  a: { latitude: number; longitude: number },
  b: { latitude: number; longitude: number },
): number {
  const rad = Math.PI / 180
  const half = (x: number): number => Math.sin((x * rad) / 2) ** 2
  const h =
    half(b.latitude - a.latitude) +
    Math.cos(a.latitude * rad) * Math.cos(b.latitude * rad) * half(b.longitude - a.longitude)
  return 2 * EARTH_METRES * Math.asin(Math.min(1, Math.sqrt(h)))
}

/** Returns the state with the latest date that was not taken back; ties go to the greatest record id, as in the shared core. */
export function stateOf(place: Place): PlaceState {
  let latest: [string, Place['states'][string]] | null = null
  for (const entry of Object.entries(place.states)) {
    const [id, state] = entry
    if (state.withdrawn) continue
    if (
      latest === null ||
      state.at > latest[1].at ||
      (state.at === latest[1].at && id > latest[0])
    ) {
      latest = entry
    }
  }
  return latest?.[1].state ?? 'unknown'
}

function distanceTo(place: Place, position: Position | null, now: Instant): number | null {
  if (position === null || now - position.at > POSITION_MS) return null
  if (place.latitude === null || place.longitude === null) return null
  const there = { latitude: place.latitude / 1e5, longitude: place.longitude / 1e5 }
  return metresBetween(position, there)
}

/** Returns the first night of the present period, as far as the phone knows. */
export function periodStart(data: PageData, now: Instant): NightNumber {
  const tonight = nightOf(now)
  const { period, period_days } = data.configuration
  if (period !== null) {
    const start = nightNumber(period.start)
    // A phone that has been offline since the last period knows the rhythm.
    const passed = Math.max(0, Math.floor((tonight - start) / period_days))
    return start + passed * period_days
  }
  return data.draw === null ? tonight - period_days + 1 : data.draw.period
}

/** Makes rows; what is the same for every place is worked out once. */
function rowsAt(data: PageData, now: Instant): (id: DocumentId, place: Place) => PlaceRow {
  const tonight = nightOf(now)
  const start = periodStart(data, now)
  const { draw } = data
  const sinceDraw = draw === null ? start : Math.max(start, nightOf(draw.drawn_at))
  const districts = new Map(data.configuration.districts.map((d) => [d.code, d.name]))
  // Many places were visited on the same night.
  const dates = new Map<NightNumber, NightDate>()
  const dateOf = (night: NightNumber): NightDate => {
    const date = dates.get(night) ?? nightDate(night)
    dates.set(night, date)
    return date
  }
  return (id, place) => {
    const facts = data.facts(id)
    const drawn = data.drawn.has(id)
    // As on the server: what was drawn must be seen as a whole, and after the
    // draw, to count.
    const seen = drawn ? facts.lastWhole : facts.lastNight
    const from = drawn ? sinceDraw : start
    return {
      place: id,
      name: place.name,
      place_type: place.place_type,
      district: place.district,
      district_name: districts.get(place.district) ?? place.district,
      state: stateOf(place),
      distance: distanceTo(place, data.position, now),
      drawn,
      visited_tonight: facts.nights.has(tonight),
      visited_in_period: seen !== null && seen >= from,
      last_night: facts.lastNight === null ? null : dateOf(facts.lastNight),
      last_count: facts.lastCount,
      last_used: facts.lastUsed,
    }
  }
}

export function placeRow(data: PageData, id: DocumentId, place: Place, now: Instant): PlaceRow {
  return rowsAt(data, now)(id, place)
}

const collator = new Intl.Collator('sv', { numeric: true })
export const byName = (a: PlaceRow, b: PlaceRow): number => collator.compare(a.name, b.name)
export const byUse = (a: PlaceRow, b: PlaceRow): number =>
  (b.last_used ?? 0) - (a.last_used ?? 0) || byName(a, b)
/** Places without a distance come last; two of them are equal (Infinity − Infinity is not a number). */
export const nearest = (a: PlaceRow, b: PlaceRow): number =>
  (a.distance ?? Infinity) - (b.distance ?? Infinity) || 0

export function allRows(data: PageData, now: Instant): PlaceRow[] {
  const row = rowsAt(data, now)
  return Array.from(data.places(), ([id, place]) => row(id, place))
}

/** Places in the order that is asked for. `all`: every row, when they are at hand. */
export function queryPlaces(
  data: PageData,
  query: PlaceQuery,
  now: Instant,
  all: PlaceRow[] = allRows(data, now),
): PlaceRow[] {
  if (query.order === undefined) return all
  const order = {
    recent: byUse,
    near: (a: PlaceRow, b: PlaceRow) => nearest(a, b) || byUse(a, b),
    name: byName,
  }[query.order]
  return all.toSorted(order).slice(0, query.limit)
}
