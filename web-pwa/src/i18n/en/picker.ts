import { plural } from './plural.ts'
import type { PickerTexts } from '../sv/picker.ts'

/** The list to pick a place from, in English. */
export const picker: PickerTexts = {
  countTitle: 'Where are you counting?',
  encounterTitle: 'Where is the encounter?',
  allTitle: 'Places',
  search: 'Search place',
  recent: 'Recent',
  near: 'Near',
  all: 'All',
  hits: (n: number, written: string) =>
    plural(n, { one: '1 place matches', other: `${written} places match` }),
  cut: (shown: string, all: string, nearest: boolean) =>
    `${all} places match, the ${nearest ? 'nearest' : 'first'} ${shown} are shown: type more`,
  none: (text: string) => `No place is called “${text}”`,
  onlyAlike: (text: string) => `No place is called “${text}”. These are alike:`,
  alike: 'Similar names',
  notAmong: 'Is it none of them?',
  change: 'Change',
  elsewhere: 'Not at a place in the list',
  newPlace: 'New place',
  newPlaceNamed: (name: string) => `New place: ${name}`,
}
