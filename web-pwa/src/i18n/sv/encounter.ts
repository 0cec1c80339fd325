/** An encounter, in Swedish. */
export const encounter = {
  title: 'Möte',
  editTitle: 'Ändra möte',
  rest: 'Medborgarskap och sovplats',
  changePlace: 'Byt plats',
  adults: 'Vuxna',
  children: 'Barn',
  metBefore: 'Träffad förut den här perioden?',
  metBy: 'Av vilken organisation?',
  group: 'Medborgarskap',
  languages: 'Språk ni talade',
  languagesHint: 'Ett språk som röjer ursprung är ”Annat språk”.',
  needs: 'Behov',
  information: 'Information du gav',
  contacts: 'Kontakter du tog',
  sleeping: 'Var sover de?',
  note: 'Anteckning',
  noteHint: 'Om behov och läge. Aldrig namn, nummer eller ursprung.',
  nobody: 'Ange minst en person.',
  save: 'Spara möte',
  saved: 'Mötet är sparat på telefonen',
  draft: 'Du hade börjat på det här mötet. Det är kvar.',
  acute: 'Är något akut? Ring.',
  showLeaflet: 'Visa ett blad',
  leaflet: (language: string, version: string) =>
    `visat blad, ${language.toLowerCase()}, version ${version}`,
}

export type EncounterTexts = typeof encounter
