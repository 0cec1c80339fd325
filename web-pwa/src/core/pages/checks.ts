/** What the app points out while somebody types, and does not forbid. */

import type { Warning } from '../field-core.ts'
import type { Count, DocumentId, Instant } from '../model.ts'
import { nightNumber, nightDate, nightOf } from '../night.ts'
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

/** The latest figure from a night before this one. */
function usualBefore(data: PageData, place: DocumentId, now: Instant): number | null {
  const { lastNight, lastCount } = data.facts(place)
  if (lastNight === null || nightDate(lastNight) === nightDate(nightOf(now))) return null
  return nightNumber(nightDate(lastNight)) < nightOf(now) ? lastCount : null
}

/** Ten or twelve digits as personal numbers are written, coordination numbers too (day + 60). */
const PERSONAL_NUMBER =
  /(?<!\d)(?:19|20)?\d{2}(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01]|6[1-9]|[78]\d|9[01])[-+ ]?\d{4}(?!\d)/
/** Seven digits or more with the separators of phone numbers. */
const PHONE_NUMBER = /(?<![\d-])(?:\+|00|0)\d(?:[ \-/]?\d){6,12}(?![\d])/
/** Words before a name: "heter Ana", "named Ion". */
const NAMING =
  /(?:^|[\s(,.;:])(?:heter|kallas|vid namn|namnet är|named|called|name is|herr|fru|mr|mrs|ms)\.?\s+\p{Lu}\p{Ll}+/iu
/** Two capitalised words in the middle of a sentence: "talade med Ana Popescu". */
const FULL_NAME = /(?<=\p{Ll}\s)\p{Lu}\p{Ll}{1,}\s+\p{Lu}\p{Ll}{2,}/u

/** What a note seems to hold that it must not. Errs on the side of asking. */
export function checkNote(text: string): ('personal_number' | 'phone_number' | 'name')[] {
  const found: ('personal_number' | 'phone_number' | 'name')[] = []
  const personal = PERSONAL_NUMBER.test(text)
  if (personal) found.push('personal_number')
  if (PHONE_NUMBER.test(text.replace(PERSONAL_NUMBER, ''))) found.push('phone_number')
  // The flag i would also make \p{Lu} match small letters, so the name itself is looked at again.
  const naming = NAMING.exec(text)?.[0].trim().split(/\s+/).at(-1)
  if ((naming !== undefined && /^\p{Lu}/u.test(naming)) || FULL_NAME.test(text)) found.push('name')
  return found
}
