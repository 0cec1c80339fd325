import { plural } from './plural.ts'
import type { CommonTexts } from '../sv/common.ts'

/** How many persons, in words. */
export const persons = (n: number) => plural(n, { one: `${n} person`, other: `${n} persons` })

/** Texts of every page, in English. */
export const common: CommonTexts = {
  appName: 'Lägesbild',
  back: 'Back',
  home: 'To start',
  cancel: 'Cancel',
  save: 'Save',
  undo: 'Undo',
  change: 'Change',
  close: 'Close',
  tryAgain: 'Try again',
  yes: 'Yes',
  no: 'No',
  persons,
  unread: (most: number) => `Write a whole number in digits, at most ${most}.`,
  drafts: {
    discard: 'Begin again',
    goOn: 'Go on with it',
    leave: 'Throw it away',
    offered: (night: string) => `A draft from the night ${night} lies here. It is not filled in.`,
    taken: 'This has already been saved, or thrown away, in another tab.',
  },
  room: {
    left: (n: number) => plural(n, { one: '1 character left', other: `${n} characters left` }),
    cut: (n: number) =>
      plural(n, {
        one: 'The last character found no room and is not there.',
        other: `The last ${n} characters found no room and are not there.`,
      }),
  },
  more: (n: number) => `Show ${n} more`,
  shownOf: (shown: string, all: string) => `${shown} of ${all} shown`,
  code: 'Code',
  sending: 'Sending …',
  today: 'today',
  yesterday: 'yesterday',
  daysAgo: (n: number) => plural(n, { one: '1 day ago', other: `${n} days ago` }),
  missing: 'No such page',
  missingHelp: 'The link leads nowhere in the app. What you saved is still there.',
}
