import type { SettingsTexts } from '../sv/settings.ts'

/** Texts of the settings, and of what happens to what is written, in English. */
export const settings: SettingsTexts = {
  title: 'Settings',
  language: 'Language',
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
  accessibility: 'Accessibility',
  accessibilityParts: [
    {
      head: 'What we promise',
      text: 'Everybody must be able to use the app: with a screen reader, a keyboard, large text, in the dark and with gloves on. We follow WCAG 2.2, level AA.',
    },
    {
      head: 'How we know',
      text: 'Each new version is tried by programs: every page and state with axe, light and dark, text of twice the size, a count and an encounter with the keyboard alone. Nobody from outside has tried it, and it was not tried with every screen reader.',
    },
    {
      head: 'What falls short',
      text: 'Tables and plots on the coordination pages may have to be scrolled sideways when text is twice as large. Each plot has a table that says the same. The map cannot be used without sight; places are chosen as well from the list.',
    },
    {
      head: 'If something does not work for you',
      text: 'Tell your coordinator, or write on the page for views and complaints. If the answer does not satisfy you, report it to the Swedish Agency for Digital Government, Digg.',
    },
  ],
  /** Continues `about.parts`. */
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
