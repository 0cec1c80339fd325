/** Texts of the settings, and of what happens to what is written, in Swedish. */
export const settings = {
  title: 'Inställningar',
  language: 'Språk',
  theme: 'Utseende',
  themeSystem: 'Som telefonen',
  themeLight: 'Ljust',
  themeDark: 'Mörkt',
  position: 'Visa närmaste platser först',
  positionHint: 'Positionen används bara i telefonen och sparas inte.',
  positionRefused: 'Telefonen tillåter inte position. Ändra i telefonens inställningar.',
  who: 'Vem du är',
  role: 'Roll',
  organisation: 'Organisation',
  label: 'Telefonens namn',
  device: 'Telefonens nummer',
  version: 'Version',
  lock: 'Lås',
  about: 'Vad händer med det du skriver?',
  persist: 'Låt telefonen behålla allt',
  persisted: 'Telefonen behåller det som är sparat.',
  notPersisted:
    'Telefonen kan rensa det som är sparat om appen inte används på en vecka. Lägg appen på hemskärmen.',
  accessibility: 'Tillgänglighet',
  accessibilityParts: [
    {
      head: 'Vad vi lovar',
      text: 'Appen ska gå att använda av alla: med skärmläsare, med tangentbord, med stor text, i mörker och med handskar. Vi följer WCAG 2.2, nivå AA.',
    },
    {
      head: 'Hur vi vet det',
      text: 'Varje ny version provas av program: varje sida och läge med axe i ljust och mörkt, text i dubbel storlek, en räkning och ett möte med bara tangentbord. Den är inte provad av någon utomstående, och inte med alla skärmläsare.',
    },
    {
      head: 'Det som brister',
      text: 'Tabeller och diagram på samordningens sidor kan behöva rullas i sidled när texten är dubbelt så stor. Varje diagram har en tabell som säger detsamma. Kartan går inte att använda utan syn; platser väljs lika väl i listan.',
    },
    {
      head: 'Om något inte fungerar för dig',
      text: 'Säg till din samordnare, eller skriv på sidan för synpunkter. Är du inte nöjd med svaret kan du anmäla till Myndigheten för digital förvaltning, Digg.',
    },
  ],
  /** Continues `about.parts`. */
  aboutMore: [
    {
      head: 'Vad det används till',
      text: 'Räkningarna blir en uppskattning av hur många som lever i utsatthet i staden en vanlig natt, med hur säker den är. Samordnarna ser den växa.',
    },
    {
      head: 'När det försvinner',
      text: 'Besök raderas efter en bestämd tid (90 dagar om inget annat är bestämt). Kvar blir bara antal per plats och natt.',
    },
  ],
}

export type SettingsTexts = typeof settings
