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
  hits: (n: number, written: string) =>
    plural(n, { one: '1 plats passar', other: `${written} platser passar` }),
  cut: (shown: string, all: string, nearest: boolean) =>
    `${all} platser passar, de ${shown} ${nearest ? 'närmaste' : 'första'} visas: skriv mer`,
  none: (text: string) => `Ingen plats heter ”${text}”`,
  onlyAlike: (text: string) => `Ingen plats heter ”${text}”. De här liknar:`,
  alike: 'Liknande namn',
  notAmong: 'Är den inte någon av dem?',
  change: 'Byt',
  elsewhere: 'Inte vid en plats i listan',
  newPlace: 'Ny plats',
  newPlaceNamed: (name: string) => `Ny plats: ${name}`,
}

export type PickerTexts = typeof picker
