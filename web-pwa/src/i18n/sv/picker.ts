import { plural } from './plural.ts'

/** The list to pick a place from, in Swedish. */
export const picker = {
  countTitle: 'Var räknar du?',
  encounterTitle: 'Var är mötet?',
  allTitle: 'Platser',
  search: 'Sök plats',
  recent: 'Senaste',
  near: 'Nära',
  all: 'Alla',
  hits: (n: number) => plural(n, { one: '1 plats', other: `${n} platser` }),
  none: (text: string) => `Ingen plats heter ”${text}”`,
  newPlace: 'Ny plats',
  newPlaceNamed: (name: string) => `Ny plats: ${name}`,
}

export type PickerTexts = typeof picker
