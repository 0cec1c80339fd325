import type { PlaceTexts } from './sv-place.ts'

/** What is said about places, their map, and in the first-run help, in English. */
export const enPlace: PlaceTexts = {
  map: 'Map of the districts, to point on',
  mapPin: (name) => `Map: ${name}, about here`,
  pick: 'Point on the map',
  pickHelp: 'Tap about where the place is. The position is rounded to 100 metres.',
  pickKeys:
    'With a keyboard: arrow keys move the pin, with Shift in longer steps. Enter or Space sets it. Esc undoes.',
  moved: (district) => `The pin is in ${district}, not set yet.`,
  movedOutside: 'The pin is outside the districts, not set yet.',
  picked: (district) => `Pointed out in ${district}. Rounded to 100 metres.`,
  sample: 'Made-up map for practice',
  closer: 'Closer',
  further: 'Further away',
  states: 'Earlier states',
  since: (state, when) => `${state} from ${when}`,
  same: 'Same place as',
  sameNone: 'No other',
  sameHelp: 'When the place is there twice. Visits then count for the other one; nothing is lost.',
  sameSaved: 'The change is saved on the phone',
  isSame: (name) => `This one counts as ${name}.`,
  tip: 'New tip',
  tipFrom: 'From whom? Role or organisation',
  tipText: 'What was said?',
  tipSave: 'Save tip',
  tipSaved: 'The tip is saved on the phone',
  more: 'Same place, tips',
  newPlace: {
    title: 'New place',
    name: 'Name',
    nameHint: 'What colleagues call the place. Never a person’s name.',
    nameMissing: 'Write what the place is called.',
    type: 'What is it?',
    district: 'District',
    districtMissing: 'Choose a district.',
    position: 'Include the position, rounded to 100 metres',
    positionWaiting: 'Finding the position …',
    positionFound: 'The position is included, rounded to 100 metres.',
    positionMissing: 'The position could not be found. The place can be saved without it.',
    note: 'How to find it',
    save: 'Save place',
    saved: 'The place is saved on the phone',
  },
  help: {
    title: 'How it works',
    show: 'Show how it works',
    step: (n, of) => `${n} of ${of}`,
    next: 'Next',
    done: 'Done',
    screens: [
      {
        head: 'Count what you see',
        text: [
          'Choose the place, set how many, save. Empty is an answer too: press Empty.',
          'Saw only a part, or could not get in? Say so, and it counts right.',
          'Drawn places need a visit even if you think that nobody is there.',
        ],
      },
      {
        head: 'Encounters, without names',
        text: [
          'Note what is needed and what you did. Never who.',
          'Show the leaflets on rights in the language you speak. The code for feedback is there too.',
          'A mistake? Undo for a minute, or change it whenever you want.',
        ],
      },
      {
        head: 'Everything works offline',
        text: [
          'Saved on the phone: it stays. Waiting: the server does not have it yet. Received: it is safe.',
          'Urgent: call first. An alert in the app is not heard until somebody has acknowledged it.',
          'The app locks when you put it away. Do not forget the passphrase.',
        ],
      },
    ],
  },
}
