import type { SettingsTexts } from './sv-settings.ts'

/** What stands in the settings, and the rest of what happens to what is written, in English. */
export const enSettings: SettingsTexts = {
  title: 'Settings',
  language: 'Language',
  swedish: 'Svenska',
  english: 'English',
  theme: 'Appearance',
  themeSystem: 'Like the phone',
  themeLight: 'Light',
  themeDark: 'Dark',
  position: 'Show nearest places first',
  positionHint: 'The position is used only in the phone and is not stored.',
  positionRefused: 'The phone does not allow position. Change it in the phone’s settings.',
  who: 'Who you are',
  role: 'Role',
  organisation: 'Organisation',
  label: 'The phone’s name',
  device: 'The phone’s number',
  version: 'Version',
  lock: 'Lock',
  about: 'What happens to what you write?',
  persist: 'Let the phone keep everything',
  persisted: 'The phone keeps what is saved.',
  notPersisted:
    'The phone may clear what is saved if the app is not used for a week. Put the app on the home screen.',
  aboutMore: [
    {
      head: 'What it is used for',
      text: 'The counts become an estimate of how many live in vulnerability in the city on an ordinary night, with how sure it is. The coordinators see it grow.',
    },
    {
      head: 'When it disappears',
      text: 'Visits are erased after a set time (90 days unless something else is decided). Only numbers by place and night remain.',
    },
  ],
}
