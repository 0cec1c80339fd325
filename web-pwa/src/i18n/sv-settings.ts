/** What stands in the settings, and the rest of what happens to what is written, in Swedish. */
export const svSettings = {
  title: 'Inställningar',
  language: 'Språk',
  swedish: 'Svenska',
  english: 'English',
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

export type SettingsTexts = typeof svSettings
