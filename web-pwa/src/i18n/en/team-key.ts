import type { TeamKeyTexts } from '../sv/team-key.ts'

/** Texts about re-sighting codes and the team key, in English. */
export const teamKey: TeamKeyTexts = {
  title: 'Code to recognise by',
  done: 'code made',
  when: 'Make a code when you meet somebody alone who agrees to answer. Then it shows whether you or others meet the same person again this period, so that nobody is counted twice.',
  not: 'Make no code for a family or a group, for somebody who does not want it, or on a guess.',
  stays:
    'The answers become twelve characters on the phone and are not kept. The server can compare codes within a period but cannot work out who anybody is.',
  single: 'The code is for a person alone. Set one person to make one.',
  name: 'First two letters of the given name',
  mother: 'Mother’s given name, first two letters',
  day: 'Born on day',
  month: 'month',
  missing: 'Fill in all four to get a code.',
  code: (code) => `Code: ${code}`,
  made: 'The encounter has a code. It cannot be worked out backwards.',
  none: 'The encounter has no code.',
  clear: 'Remove the code',
  noKey: 'The phone has no team key, so it cannot make codes.',
  noKeyHelp:
    'Ask a coordinator to show the key. Scan it with the camera or paste it here. Everything else works anyway.',
  oldKey: 'The phone’s key is not the one the team uses now. Ask a coordinator for the new one.',
  paste: 'Team key, or a link that holds it',
  keep: 'Save the key',
  wrong: 'That is no team key.',
  arrived: 'The team key is on the phone',
  deskHere: 'The team key lies locked in this browser.',
  open: 'Open the key',
  phrase: 'Passphrase of the team key',
  choosePhrase: 'Choose a passphrase for the team key',
  phraseHint: 'Nobody can find it for you.',
  working: 'One moment …',
  deskTitle: 'Team key',
  deskHelp:
    'With the key the phones make codes to recognise by. It travels in the link when you invite a phone and never reaches the server.',
  deskNone:
    'The key is made in this browser when you make the first link, and locked with a passphrase.',
  deskHas: 'This browser has the key. Links that you make here carry it.',
  deskOpen: 'It is open until you sign out or close the tab.',
  deskLocked:
    'This browser has the key, locked with a passphrase. You need it to show the key or to make a link.',
  deskPlain:
    'The key lies unlocked in this browser. Choose a passphrase, and only whoever has it can open the key.',
  seal: 'Lock the key',
  change: 'Change the passphrase',
  changeHelp:
    'The new one counts in this browser. The key stays the same, so nothing changes on the phones.',
  changed: 'The passphrase has been changed.',
  forgot: 'Forgot the passphrase?',
  forgotHelp:
    'Nobody can find it, but the key can be fetched again. Ask another coordinator to show it, or find a link that you have sent: it carries the key. Paste it here and choose a new passphrase. If it is nowhere, make a new key.',
  another: 'That is not the key that the team uses now.',
  takeHelp: 'That is the key. It will be locked in this browser.',
  askToMake: 'The link is to carry the team key. It is made now and locked in this browser.',
  askToOpen: 'The link is to carry the team key. It is locked in this browser.',
  linkWithout: 'Make a link without the key',
  deskLacks:
    'The team has a key, but not in this browser. Links that you make here lack it. Ask another coordinator to show it and paste it here.',
  deskLinkHas: 'The link carries the team key. Send it only to whoever is to have the phone.',
  deskLinkLacks: 'The link lacks the team key. The phone can get it later.',
  show: 'Show the key',
  hide: 'Hide the key',
  scan: 'Scan it with the phone that is already connected. Show it to nobody else.',
  alt: 'Code with the team key',
  renew: 'Everybody has lost the key: make a new one',
  renewHelp:
    'Codes made with the old one can then not be compared with new ones, and every phone needs the new one.',
  renewNow: 'Make a new key',
  renewWaits:
    'The new key lies locked in this browser. It takes effect when a coordinator of another organisation, or an administrator, confirms it within a day.',
}
