/** Places as rows and as pages, the home screen, and what to prefill a form with. */

import { normalised } from '../defaults.ts'
import type { HomeModel, PlaceModel, PlaceQuery, PlaceRow, Suggestion } from '../page-models.ts'
import type { Position } from '../field-core.ts'
import type {
  Count,
  DocumentId,
  Encounter,
  Instant,
  NightDate,
  NightNumber,
  Place,
  PlaceState,
} from '../../shared/model.ts'
import { nightDate, nightNumber, nightOf } from '../../shared/night.ts'
import { visitTonight } from '../plan.ts'
import type { PageData } from './data.ts'
import { visitRow } from './visits.ts'
import { conflictCount } from './conflicts.ts'

/** A place is due when nobody has been there for this many nights. */
const DUE_NIGHTS = 7
/** A place this near is probably where the worker stands. Metres. */
const HERE_METRES = 300
/** A position older than this says little about where the worker is. */
const POSITION_MS = 900_000
const RECENT = 8
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
/** Dates and ids: the order of their characters. */
const compare = (a: string, b: string): number => (a < b ? -1 : Number(a > b))
const byName = (a: PlaceRow, b: PlaceRow): number => collator.compare(a.name, b.name)
const byUse = (a: PlaceRow, b: PlaceRow): number =>
  (b.last_used ?? 0) - (a.last_used ?? 0) || byName(a, b)
/** Places without a distance come last; two of them are equal (Infinity − Infinity is not a number). */
const nearest = (a: PlaceRow, b: PlaceRow): number =>
  (a.distance ?? Infinity) - (b.distance ?? Infinity) || 0

export function allRows(data: PageData, now: Instant): PlaceRow[] {
  const row = rowsAt(data, now)
  return Array.from(data.places(), ([id, place]) => row(id, place))
}

/** Places that match, in the order that is asked for. `all`: every row, when they are at hand. */
export function queryPlaces(
  data: PageData,
  query: PlaceQuery,
  now: Instant,
  all: PlaceRow[] = allRows(data, now),
): PlaceRow[] {
  const words = normalised(query.text ?? '')
    .split(/\s+/)
    .filter(Boolean)
  const rows = all.filter((row) => {
    if (query.district !== undefined && row.district !== query.district) return false
    if (words.length === 0) return true
    const text = normalised(`${row.name} ${row.district_name}`)
    return words.every((word) => text.includes(word))
  })
  const order = {
    recent: byUse,
    near: (a: PlaceRow, b: PlaceRow) => nearest(a, b) || byUse(a, b),
    name: byName,
  }[query.order]
  return rows.toSorted(order).slice(0, query.limit ?? 100)
}

export function homeModel(
  data: PageData,
  now: Instant,
  rows: PlaceRow[] = allRows(data, now),
): HomeModel {
  const tonight = nightOf(now)
  const drawn = rows.filter((row) => row.drawn)
  const dueSince = nightDate(tonight - DUE_NIGHTS)
  const due = rows.filter(
    (row) =>
      !row.drawn &&
      row.state === 'active' &&
      (row.last_night === null || row.last_night <= dueSince),
  )
  const longestAgo = (a: PlaceRow, b: PlaceRow): number =>
    compare(a.last_night ?? '', b.last_night ?? '')

  const visits = []
  let counts = 0
  let encounters = 0
  for (const row of rows) {
    if (!row.visited_tonight) continue
    for (const [id, visit] of data.visitsAt(row.place)) {
      if (visit.withdrawn || nightOf(visit.started) !== tonight) continue
      const visited = visitRow(data, id, visit)
      visits.push(visited)
      counts += visited.counts
      encounters += visited.encounters
    }
  }
  return {
    night: nightDate(tonight),
    places: rows.length,
    drawn: { total: drawn.length, visited: drawn.filter((r) => r.visited_in_period).length },
    round: drawn
      .filter((r) => !r.visited_in_period)
      .toSorted((a, b) => nearest(a, b) || byName(a, b)),
    due: due.toSorted((a, b) => nearest(a, b) || longestAgo(a, b) || byName(a, b)),
    recent: rows
      .filter((row) => row.last_used !== null)
      .toSorted(byUse)
      .slice(0, RECENT),
    tonight: { visits: visits.toSorted((a, b) => b.started - a.started), counts, encounters },
    conflicts: conflictCount(data),
  }
}

/** Returns where the worker probably stands, and what was last said of the people there. */
export function suggestion(
  data: PageData,
  now: Instant,
  rows: PlaceRow[] = allRows(data, now),
): Suggestion {
  const used = rows.filter((row) => row.last_used !== null).toSorted(byUse)[0]
  const here = rows
    .filter((row) => row.distance !== null && row.distance <= HERE_METRES)
    .toSorted(nearest)[0]
  const usedTonight =
    used?.last_used !== undefined &&
    used.last_used !== null &&
    nightOf(used.last_used) === nightOf(now)
      ? used
      : undefined
  const place = usedTonight ?? here ?? used ?? null
  const nothing = { place, group: 'unknown', sleeping: 'unknown' } as const
  if (place === null) return nothing

  let latestCount: Count | null = null
  let latestEncounter: Encounter | null = null
  for (const [, visit] of data.visitsAt(place.place)) {
    if (visit.withdrawn) continue
    for (const count of Object.values(visit.counts)) {
      if (!count.withdrawn && count.at > (latestCount?.at ?? 0)) latestCount = count
    }
    for (const encounter of Object.values(visit.encounters)) {
      if (!encounter.withdrawn && encounter.at > (latestEncounter?.at ?? 0)) {
        latestEncounter = encounter
      }
    }
  }
  const later = (latestCount?.at ?? 0) > (latestEncounter?.at ?? 0) ? latestCount : latestEncounter
  return {
    place,
    group: latestEncounter?.group ?? 'unknown',
    sleeping: later?.sleeping ?? 'unknown',
  }
}

export function placeModel(data: PageData, id: DocumentId, now: Instant): PlaceModel | null {
  const place = data.place(id)
  const document = data.documents.get(id)
  if (place === null || document === undefined) return null
  const visits = [...data.visitsAt(id)]
  const names = new Map(data.configuration.organisations.map((o) => [o.id, o.name]))
  return {
    row: placeRow(data, id, place, now),
    content: place,
    conflicts: document.view.conflicts,
    visits: visits
      .map(([visitId, visit]) => visitRow(data, visitId, visit))
      .toSorted((a, b) => b.started - a.started),
    coverage: (data.coverage.get(id) ?? [])
      .toSorted((a, b) => b.night - a.night || (a.organisation < b.organisation ? -1 : 1))
      .map((row) => ({
        ...row,
        night_date: nightDate(row.night),
        organisation_name: names.get(row.organisation) ?? row.organisation,
      })),
    tonight: visitTonight(visits, now)?.[0] ?? null,
    waiting: document.unsent > 0,
  }
}
