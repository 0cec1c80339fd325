import type { HelpTexts } from '../sv/help.ts'

/** The first-run help, in English. */
export const help: HelpTexts = {
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
}
