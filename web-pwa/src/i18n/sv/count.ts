import type { Warning } from '$core/outreach/page-models.ts'
import { persons } from './common.ts'
import { plural } from './plural.ts'

const warnings: Record<Warning, string> = {
  low_above_best: 'Minst är fler än du räknade.',
  high_below_best: 'Högst är färre än du räknade.',
  groups_above_best: 'Grupperna är tillsammans fler än du räknade.',
  opened_above_tents: 'Fler öppna tält än tält.',
  far_above_usual: 'Det är långt fler än vanligt här. Stämmer det?',
}

/** A count, in Swedish. */
export const count = {
  title: 'Räkning',
  editTitle: 'Ändra räkning',
  access: 'Hur mycket såg du?',
  adults: 'Vuxna',
  children: 'Barn',
  unknown: 'Okänd ålder',
  less: (what: string) => `Färre: ${what}`,
  more: (what: string) => `Fler: ${what}`,
  range: 'Osäker på antalet',
  low: 'Minst',
  high: 'Högst',
  rangeHint: 'Lämna tomt om du är säker.',
  tents: 'Tält',
  tentsSeen: 'Tält du såg',
  tentsOpened: 'Varav öppna',
  personsInOpened: 'Personer i de öppna',
  details: 'Grupp, sovplats, hur du vet',
  euEea: 'Varav EU/EES-medborgare',
  thirdCountry: 'Varav från tredje land',
  groupHint: 'Bara det du vet. Lämna tomt annars.',
  sleeping: 'Var sover de?',
  method: 'Hur vet du?',
  weather: 'Härbärgena har öppnat extra för kylan',
  emptyHint: 'Jag var där, ingen var där',
  emptyPartHint: 'Ingen i den del jag såg',
  save: (n: number) => `Spara ${persons(n)}`,
  saveNoAccess: 'Spara: kom inte in',
  savedEmpty: 'Tomt, sparat på telefonen',
  saved: (n: number) => `${persons(n)}, sparat på telefonen`,
  savedNoAccess: 'Kom inte in, sparat på telefonen',
  warnings,
  adultsIn: (n: number) => plural(n, { one: '1 vuxen', other: `${n} vuxna` }),
  childrenIn: (n: number) => `${n} barn`,
  unknownIn: (n: number) => `${n} av okänd ålder`,
  rangeIn: (low: string, high: string) => `mellan ${low} och ${high}`,
  tentsIn: (n: number) => `${n} tält`,
  draft: 'Du hade börjat på den här räkningen. Den är kvar.',
}

export type CountTexts = typeof count
