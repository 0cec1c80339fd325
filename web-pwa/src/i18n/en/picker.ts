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
  hits: (n: number) => plural(n, { one: '1 place', other: `${n} places` }),
  none: (text: string) => `No place is called “${text}”`,
  newPlace: 'New place',
  newPlaceNamed: (name: string) => `New place: ${name}`,
}
