import type { DecidingTexts } from '../sv/deciding.ts'

/** Texts of what needs two people, and of taking back what a phone said, in English. */
export const deciding: DecidingTexts = {
  acts: 'Waiting for a second person',
  actsHelp:
    'What concerns every organisation is done when two agree: a coordinator of another organisation, or an administrator, confirms it within a day.',
  act: {
    replace_team_key: 'Replace the team key',
    erase_document: 'Erase for ever',
    undo_device: 'Take back everything from a phone',
    undo_undo: 'Undo a taking back',
    retention_go_on: 'Let retention go on for every organisation',
  },
  subject: {
    replace_team_key: 'new key',
    erase_document: 'document',
    undo_device: 'phone',
    undo_undo: 'taking back',
  },
  stop: {
    usual_share: 'more than usual would go',
    clock_ahead: 'the clock is far ahead, or the server was switched off',
    clock_behind: 'the clock is behind',
    clock_doubted: 'the phones say another time',
    running: 'nothing hinders it now',
  },
  goOn: (why, most, anew) =>
    [
      `It stands still: ${why}.`,
      ...(most > 0
        ? [`At most ${most} of each kind are hidden, and destroyed some days later.`]
        : []),
      ...(anew ? ['All that is there counts as received now.'] : []),
    ].join(' '),
  retention: 'Retention stands still',
  retentionWhy: (why) =>
    `Nothing is erased now: ${why}. That protects what must not be erased too early. Find out why, and then let retention go on. A second person must confirm it.`,
  letGoOn: 'Ask that retention goes on',
  anew: 'Count all that is there as received now',
  anewHelp:
    'Choose this if the clock was behind. Then nothing is erased until its time has passed once more.',
  asked: 'Asked for. Now it waits for a second person.',
  retentionChanged: 'Retention no longer stands still for that reason. Look, and ask once more.',
  since: (when) => `from ${when}`,
  askedBy: (role, organisation) => `Asked for by ${role}, ${organisation}`,
  until: (when) => `until ${when}`,
  confirm: 'Confirm',
  confirmSure: 'It is done at once. Confirm only if you have talked with each other.',
  withdraw: 'Take the request back',
  what: (action, what) => `${action}: ${what}`,
  undo: 'Take back everything since …',
  undoWhat: (label) => `Take back everything since … (${label})`,
  undoHelp:
    'What the phone has said since then is taken back. What it added is struck out, what it changed becomes as before. What others have changed since stays. You can undo it afterwards.',
  undoRevoke: 'Disconnect the phone first, or it may say more.',
  undoClock: 'Time',
  undoSince: 'Received by the server from',
  show: 'Show what changes',
  nothing: 'The phone has said nothing since then.',
  counts: (documents, changed, left) =>
    `${documents} documents are concerned. Of those shown, ${changed} entries change and ${left} stay.`,
  more: (shown) => `Shows the first ${shown}.`,
  unnamedPlace: 'Place without a name',
  becomes: (was, becomes) => `${was} → ${becomes}`,
  hidden: 'changes',
  empty: 'empty',
  yes: 'yes',
  no: 'no',
  why: {
    changed_since: 'changed by others since: look yourself',
    others_wrote_into: 'others have written in it: look yourself',
    others_disagree: 'others say different things: look yourself',
    against_the_rules: 'cannot be set back: look yourself',
    refused: 'the server does not take the change: look yourself',
  },
  whole: 'the whole document',
  quarantine: (n) => `Discard what waits in quarantine from the phone as well (${n})`,
  take: 'Take back now',
  ask: 'Ask that it is taken back',
  asks: 'A second person must confirm it: a coordinator of another organisation, or an administrator.',
  begun: 'It is being taken back. See the list below.',
  waits: 'It waits for a second person.',
  undos: 'Taken back',
  undoRow: (documents, fields) => `${fields} entries in ${documents} documents`,
  leftRow: (n) => `${n} left to look at`,
  discarded: (n) => `${n} discarded from quarantine`,
  atWork: 'at work',
  undone: 'undone',
  ofUndo: (id) => `undid taking back ${id}`,
  takeBack: 'Undo this',
  takeBackWhat: (id) => `Undo this (${id})`,
  number: (id) => `Taking back ${id}`,
}
