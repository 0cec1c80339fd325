import type { SyncTexts } from '../sv/sync.ts'

/** Texts of what the server did not take in, or takes in later, in English. */
export const sync: SyncTexts = {
  title: 'Saved and sent',
  savedHere: 'Everything you have saved is on the phone.',
  clockOff: (span: string) =>
    `The phone’s clock is ${span} wrong. What you save gets the right time all the same.`,
  clockGuessed:
    'The phone’s clock makes no sense. Set it, or let the app reach the server: else what you save may get the wrong time.',
  clockDoubted: (when) =>
    `The phone’s clock may be wrong: the app has been closed for long and has not reached the server since. By the phone it is ${when}. If that is not so, set the clock before you save.`,
  span: {
    minutes: (n: number) => `${n} min`,
    hours: (n: number) => `${n} hours`,
    days: (n: number) => `${n} days`,
  },
  lastContact: 'Last contact with the server',
  never: 'Never',
  waitingTitle: 'Waiting for network',
  waitingNone: 'Nothing is waiting. The server has received everything.',
  waitingNothingYet: 'Nothing is waiting.',
  refusedTitle: 'Not accepted',
  refusedHelp:
    'The server did not store this, but it is still on the phone. Tell the coordinator and mention the code.',
  nextTry: (time: string) => `Next try ${time}`,
  now: 'Send now',
  oldWaiting: (n: number) =>
    `The oldest has waited for ${n} days. Get near a network with the app open.`,
  about: {
    title: 'What happens to what you write?',
    parts: [
      {
        head: 'It is saved on the phone first',
        text: '“Saved on the phone” means that it remains even if the phone dies. “Received” means that the server has written it to disk.',
      },
      {
        head: 'No names, ever',
        text: 'There is no field for names, personal numbers, phone numbers or origin. When a text looks like that, the phone asks before it saves. It finds what is usual, not everything.',
      },
      {
        head: 'Who sees what',
        text: 'Only your own organisation sees encounters. Other organisations see that a visit was made, which night, and the number. Only those who go there see where places are; reports show districts.',
      },
    ],
  },
  rejection: {
    erased: 'This has been erased and is not accepted again.',
    discarded: 'The coordinator has discarded this.',
    not_allowed:
      'This phone may not make that change. Ask whoever recorded it, or the coordinator.',
    date_out_of_range: 'The time is too old or lies ahead. The coordinator can let it in.',
    personal_number: 'There is a personal number in the text. Take it out and save again.',
    too_many_values: 'The same thing has been given too many values at once.',
    too_many_visits: 'There are too many visits to this place that night. Take one back first.',
    operations_cost: 'It is too much to check at once.',
    change_too_large: 'It is too much at once. Divide it.',
    too_many_operations: 'It is too much at once. Divide it.',
    document_too_large: 'The record is full. Go on in a new one.',
    clock_ahead: 'The phone’s clock was ahead when this was saved.',
    invalid_content: 'Some value is outside what is allowed.',
    newer_schema: 'It was written by a newer version of the app.',
    not_in_scope: 'It belongs to another organisation.',
    signature: 'The server did not accept the phone’s key.',
    unknown: 'The server could not read it.',
  },
  later: {
    later: 'The server did not manage everything. The rest is sent by itself.',
    quota: 'The server takes more tomorrow. It stays on the phone.',
    disk_reserve: 'The server is short of room and takes more later. It stays on the phone.',
    unknown: 'The server takes it later. It stays on the phone.',
  },
}
