/** Checks while somebody types: they point out and do not forbid. */

import type { Warning } from '../page-models.ts'
import type { Count, DocumentId, Instant } from '../../shared/model.ts'
import { nightNumber, nightDate, nightOf } from '../../shared/night.ts'
import { bestOf } from '../record.ts'
import type { PageData } from './data.ts'

/** A count this many times the usual one, and this many persons above it, is worth a second look. */
const FAR_TIMES = 3
const FAR_PERSONS = 20

export function checkCount(
  data: PageData,
  count: Partial<Count>,
  place: DocumentId | null,
  now: Instant,
): Warning[] {
  const best = bestOf({
    adults: count.adults ?? 0,
    children: count.children ?? 0,
    unknown: count.unknown ?? 0,
  })
  const warnings: Warning[] = []
  if (count.low != null && count.low > best) warnings.push('low_above_best')
  if (count.high != null && count.high < best) warnings.push('high_below_best')
  if ((count.eu_eea ?? 0) + (count.third_country ?? 0) > best) warnings.push('groups_above_best')
  if (count.tents != null && (count.tents_opened ?? 0) > count.tents) {
    warnings.push('opened_above_tents')
  }
  const usual = place === null ? null : usualBefore(data, place, now)
  if (usual !== null && best > usual * FAR_TIMES && best > usual + FAR_PERSONS) {
    warnings.push('far_above_usual')
  }
  return warnings
}

/** Returns the latest figure from a night before this one. */
function usualBefore(data: PageData, place: DocumentId, now: Instant): number | null {
  const { lastNight, lastCount } = data.facts(place)
  if (lastNight === null || nightDate(lastNight) === nightDate(nightOf(now))) return null
  return nightNumber(nightDate(lastNight)) < nightOf(now) ? lastCount : null
}
