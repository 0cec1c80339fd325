import { plural } from './plural.ts'
import type { LockTexts } from '../sv/lock.ts'

const things = (n: number) => plural(n, { one: '1 saved thing', other: `${n} saved things` })

/** The texts of the lock, in English. */
export const lock: LockTexts = {
  secure: {
    title: 'Lock what you save',
    help: 'Everything on the phone is encrypted. Only your passphrase opens it: the server does not have it, and nobody can find it for you.',
    before: 'This is new. What is on the phone already is encrypted too.',
    phrase: 'Choose a passphrase',
    hint: 'At least 12 characters. Four words that do not belong together are easy to remember and hard to guess.',
    suggest: 'Suggest words',
    hide: 'Hide the passphrase',
    save: 'Lock with the passphrase',
    working: 'Encrypting …',
    later: 'Later',
    problem: {
      short: 'It is too short. Write at least 12 characters.',
      digits: 'Digits alone are easy to guess. Add words.',
      same: 'It is too easy to guess. Use more different characters.',
    },
  },
  locked: {
    title: 'Locked',
    phrase: 'Passphrase',
    show: 'Show the passphrase',
    open: 'Unlock',
    opening: 'Unlocking …',
    passkey: 'Unlock with finger or face',
    wait: (time: string) => `Wrong too many times. Try again at ${time}.`,
    forgot: 'Forgot the passphrase?',
    waiting: (n: number) => `${things(n)} waiting for a network. Sent when you unlock.`,
    sealed: (n: number) =>
      `${things(n)} waiting for a network. The phone tries to send while it is locked too.`,
    sent: (n: number, time: string) =>
      `${things(n)} sent sealed to the server, ${time}. Unlock to see that all is well.`,
    invited: 'You have opened a new link, but the phone already holds things that are locked.',
    invitedForget: 'Use the new link instead',
  },
  recover: {
    title: 'Start over with a new link',
    help: 'Without the passphrase, what is on the phone cannot be opened. The coordinator cannot open it either, only give you a new link.',
    lost: (n: number, since: string | null) =>
      `This will be lost: ${things(n)} that the server has not received${since === null ? '' : `, the oldest from ${since}`}.`,
    sent: (n: number, when: string) =>
      `${things(n)} sent sealed to the server, ${when}. Nothing will be lost.`,
    nothingLost: 'The server has received everything. Nothing will be lost.',
    agree: 'I understand that it will be gone',
    erase: 'Erase and start over',
    eraseInvited: 'Erase and connect with the new link',
    erasing: 'Erasing …',
  },
  lease: {
    title: 'Needs to reach the server',
    help: (days: number) =>
      `The phone has not been in contact with the server for ${days} days, or its clock is wrong. It shows nothing until it has been.`,
    kept: 'Everything you have saved is still here. Go where there is a network and try again.',
    clock: 'The phone’s clock is wrong. Set it and try again.',
    retry: 'Try to reach the server',
  },
  settings: {
    title: 'Lock',
    now: 'Lock now',
    when: (minutes: number, seconds: number) =>
      `The phone locks after ${minutes} minutes without a touch, and when the app has been off the screen for ${seconds} seconds.`,
    lease: (days: number) =>
      `If it has not reached the server for ${days} days it shows nothing until it has.`,
    notSet: 'What is on the phone is not locked.',
    set: 'Choose a passphrase',
    passkeyTitle: 'Finger or face',
    passkeyHelp: 'Faster than the passphrase. The passphrase still works.',
    passkeyAdd: 'Turn on',
    passkeyOn: 'Finger or face is on.',
    passkeyRemove: 'Turn off',
    passkeyMissing: 'The phone or the browser cannot do it.',
    changeTitle: 'Change the passphrase',
    from: 'Present passphrase',
    to: 'New passphrase',
    change: 'Change',
    changed: 'The passphrase has been changed.',
    working: 'One moment …',
  },
}
