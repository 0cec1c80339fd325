/** The place and the answers to prefill a form with. */

import { nightOf } from '../../shared/night.ts'
import { allRows, byUse, nearest } from './place-rows.ts'
import type { PlaceRow, Suggestion } from '../page-models.ts'
import type { Count, Encounter, Instant } from '../../shared/model.ts'
import type { PageData } from './data.ts'

/** A place this near is probably where the worker stands. Metres. */
const HERE_METRES = 300

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
