import type { EnrolTexts } from '../sv/enrol.ts'

/** Puts the article before a noun: *an outreach worker*. */
const withArticle = (noun: string) => `${/^[aeiou]/.test(noun) ? 'an' : 'a'} ${noun}`

/** How a phone is connected, in English. */
export const enrol: EnrolTexts = {
  welcome: 'The phone is connected',
  you: (role: string, organisation: string) =>
    `You are ${withArticle(role.toLowerCase())} in ${organisation}.`,
  startWork: 'Begin',
  howTo: 'Show how it works, in three short pages',
  working: 'Connecting the phone …',
  neededTitle: 'The phone is not connected',
  neededHelp: 'Ask your coordinator for a link and open it on this phone. The link works once.',
  code: 'Code from the link',
  codeHint: 'Do you have the code but not the link? Write it here.',
  connect: 'Connect the phone',
  askTitle: 'Connect this phone?',
  invitedTo: (role: string, organisation: string) =>
    `The link is an invitation: ${role.toLowerCase()} in ${organisation}. It works once.`,
  begun: 'You have already begun to connect here. Go on.',
  inApp: (app: string) =>
    `This page is open inside ${app || 'another app'}. You will not find again what is saved here. Open the link in the phone’s own browser, Chrome or Safari, instead.`,
  problem: {
    code_unknown: {
      title: 'The link is not recognised',
      help: 'Check that the whole link came along, or ask the coordinator for a new one.',
    },
    code_used: {
      title: 'The link has been used',
      help: 'A link is for one phone. Ask the coordinator for a new one.',
    },
    code_expired: {
      title: 'The link has expired',
      help: 'Ask the coordinator for a new one. It only works for a short time.',
    },
    unreachable: {
      title: 'The server cannot be reached',
      help: 'Connecting needs a network, once. The link is not used up: try again when you have a network.',
    },
    unsupported: {
      title: 'The phone cannot run the app',
      help: 'The browser lacks something that is needed (WebAssembly, a safe key or storage). Update it. On an iPhone: turn Lockdown Mode off for this page.',
    },
    unknown: {
      title: 'Connecting did not work',
      help: 'Try again. If it happens again, tell the coordinator.',
    },
  },
}
