import type { Count, Encounter, Topic } from '$core/shared/model.ts'
import { i18n } from '$i18n/i18n.svelte.ts'
import { listed } from '../parts/options.ts'

const joined = (parts: string[], by = ', ') => parts.filter((part) => part !== '').join(by)

/** Returns what a count says, in a line: `3 vuxna, 1 barn, mellan 3 och 6`. */
export function countText(count: Count): string {
  const { count: t, visitRow, codes } = i18n.t
  const people = joined([
    count.adults > 0 ? t.adultsIn(count.adults) : '',
    count.children > 0 ? t.childrenIn(count.children) : '',
    count.unknown > 0 ? t.unknownIn(count.unknown) : '',
  ])
  const unsure =
    count.low === null && count.high === null
      ? ''
      : t.rangeIn(String(count.low ?? '?'), String(count.high ?? '?'))
  return joined(
    [
      people === '' ? visitRow.empty : people,
      unsure,
      count.tents === null ? '' : t.tentsIn(count.tents),
      count.eu_eea === null ? '' : `${codes.group.eu_eea} ${count.eu_eea}`,
      count.third_country === null ? '' : `${codes.group.third_country} ${count.third_country}`,
      count.sleeping === 'unknown' ? '' : codes.sleeping[count.sleeping],
      count.method === 'seen' ? '' : codes.method[count.method],
    ],
    ' · ',
  )
}

/** Returns what an encounter says, in a line. */
export function encounterText(encounter: Encounter): string {
  const { count: t, codes } = i18n.t
  return joined(
    [
      joined([
        encounter.adults > 0 ? t.adultsIn(encounter.adults) : '',
        encounter.children > 0 ? t.childrenIn(encounter.children) : '',
      ]),
      listed(encounter.languages, codes.language),
      listed(encounter.needs, codes.need),
      listed(Object.keys(encounter.information) as Topic[], codes.topic),
      listed(encounter.contacts, codes.contact),
      encounter.group === 'unknown' ? '' : codes.group[encounter.group],
      encounter.note,
    ],
    ' · ',
  )
}
