import type { EncounterTexts } from '../sv/encounter.ts'

/** An encounter, in English. */
export const encounter: EncounterTexts = {
  title: 'Encounter',
  editTitle: 'Change encounter',
  rest: 'Citizenship and sleeping place',
  changePlace: 'Change place',
  adults: 'Adults',
  children: 'Children',
  metBefore: 'Met earlier in this period?',
  metBy: 'By which organisation?',
  group: 'Citizenship',
  languages: 'Languages you spoke',
  languagesHint: 'A language that gives an origin away is “Other language”.',
  needs: 'Needs',
  information: 'Information you gave',
  contacts: 'Contacts you made',
  sleeping: 'Where do they sleep?',
  note: 'Note',
  noteHint: 'About needs and situation. Never names, numbers or origin.',
  nobody: 'State at least one person.',
  save: 'Save encounter',
  saved: 'The encounter is saved on the phone',
  draft: 'You had begun this encounter. It is still here.',
  acute: 'Is anything urgent? Call.',
  showLeaflet: 'Show a leaflet',
  leaflet: (language: string, version: string) => `leaflet shown, ${language}, version ${version}`,
}
