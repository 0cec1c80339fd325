/** The home screen. */

import { nightDate, nightOf } from '../../shared/night.ts'
import { visitRow } from './visits.ts'
import { conflictCount } from './conflicts.ts'
import { allRows, byName, byUse, nearest } from './place-rows.ts'
import type { HomeModel, PlaceRow } from '../page-models.ts'
import type { Instant } from '../../shared/model.ts'
import type { PageData } from './data.ts'

/** A place is due when nobody has been there for this many nights. */
const DUE_NIGHTS = 7
const RECENT = 8

/** Dates and ids: the order of their characters. */
const compare = (a: string, b: string): number => (a < b ? -1 : Number(a > b))

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
