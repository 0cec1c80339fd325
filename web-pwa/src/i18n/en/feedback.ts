import type { FeedbackTexts } from '../sv/feedback.ts'

/** The public feedback page, in English. */
export const feedback: FeedbackTexts = {
  title: 'Tell us what you think',
  anonymous: 'You do not have to say who you are. It never affects the help you get.',
  about: 'It is about',
  choose: 'Which organisation is it about?',
  chooseMissing: 'Choose an organisation.',
  text: 'Write here',
  textHint: 'Praise, a complaint or a question. Do not write names or telephone numbers.',
  textMissing: 'Write something first.',
  send: 'Send',
  sending: 'Sending …',
  thanks: 'Thank you. We have received it.',
  thanksHelp: 'Somebody reads it and finds out what happened.',
  replyLink: 'Keep this link if you want to read the answer:',
  copy: 'Copy the link',
  copied: 'Copied',
  another: 'Write something more',
  privacy:
    'This page has no cookies and does not keep who you are. Only the day is kept, not the hour.',
  ivo: 'You can also turn to the Health and Social Care Inspectorate, IVO.',
  problem: {
    offline:
      'It could not be sent. What you wrote is still here. Try again when you have a network.',
    slow: 'Too many have written from here just now. What you wrote is still here. Try again in a minute.',
    long: 'The text is too long. Shorten it and try again.',
    unknown: 'This address is no longer there. Choose an organisation.',
  },
  answerTitle: 'The answer to what you wrote',
  answerNone: 'Nobody has read it yet. Look again in a few days.',
  answerGone: 'There is no answer here. Check the link.',
  reply: 'Answer',
  handling: {
    received: 'Somebody has read it.',
    investigating: 'We are finding out what happened.',
    answered: 'We have answered.',
    closed: 'We have read it and closed it without an answer.',
  },
}
