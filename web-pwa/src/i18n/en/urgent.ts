import type { UrgentTexts } from '../sv/urgent.ts'

/** The call card and the alerts nobody has heard, in English. */
export const urgent: UrgentTexts = {
  title: 'Urgent',
  lead: 'Danger to life: call 112 first.',
  call: (name: string) => `Call ${name}`,
  openNote: 'Nobody knows anything until somebody has answered the phone.',
  notConnected: 'The app is not open: the call is not noted.',
  raise: 'Note the call and raise an alert',
  alerts: 'Alerts',
  watch: 'An alert that nobody has acknowledged',
  unheard: (span: string) => `Alert: nobody has acknowledged it for ${span}`,
  callAgain: 'Call again',
  heard: 'Acknowledged, under way',
  ended: 'Ended',
  span: {
    minutes: (n: number) => `${n} min`,
    hours: (n: number) => `${n} h`,
    days: (n: number) => `${n} d`,
  },
  fallback:
    'The phone has not fetched the numbers of socialjouren and EU-teamet yet. They come when it has reached the server.',
}
