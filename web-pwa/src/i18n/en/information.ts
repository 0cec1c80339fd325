import type { InformationTexts } from '../sv/information.ts'

/** Texts around leaflets and the feedback code, in English. */
export const information: InformationTexts = {
  title: 'Information',
  lead: 'To show to whoever you meet. On the phone, without a network.',
  language: 'Language',
  missing: 'The leaflets are not on the phone yet',
  missingHelp: 'They come when the phone reaches the server. Try again when you have a network.',
  sample: 'Sample text',
  version: (version) => `Version ${version}`,
  none: 'No leaflet in this language yet.',
  note: 'Shown: note it in an encounter',
  codeTitle: 'Code for feedback',
  codeLead:
    'Whoever scans the code can say what they think, without a name, in their own language.',
  codeAlt: (address) => `Code that leads to ${address}`,
  codeShow: 'Show the code for feedback',
  here: 'Write on this phone',
  hereHint: 'Needs a network. Hand the phone over; nothing is kept on it.',
}
