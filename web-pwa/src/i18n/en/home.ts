import { plural } from './plural.ts'
import type { HomeTexts } from '../sv/home.ts'

/** The start page, in English. */
export const home: HomeTexts = {
  twoValues: 'Two values',
  title: 'Start',
  night: (dates: string) => `Night of ${dates}`,
  count: 'Count',
  countHint: 'How many are at the place',
  encounter: 'Encounter',
  encounterHint: 'Whom you met and what is needed',
  encounterHintAt: (place: string) => `At ${place}`,
  urgent: 'Urgent',
  urgentHint: 'Call 112, socialjouren, EU‑teamet',
  round: 'The round',
  drawn: 'Drawn, not visited',
  drawnVisited: (visited: number, total: number) => `${visited} of ${total} visited`,
  due: 'Due for a visit',
  tonight: 'Tonight',
  drawnMark: 'Drawn',
  neverVisited: 'Never visited',
  lastVisited: (when: string) => `Last ${when}`,
  allPlaces: 'All places',
  information: 'Information to show',
  conflicts: (n: number) =>
    plural(n, { one: '1 entry has two values', other: `${n} entries have two values` }),
  conflictsHelp: 'Two people changed the same thing. Choose which one holds.',
  emptyTitle: 'No places yet',
  emptyHelp:
    'Places arrive when the phone has reached the server. You can add a place and count right now.',
  doneHelp: 'Every drawn place has been visited in this period.',
  settings: 'Settings',
  coordination: 'Coordination',
}
