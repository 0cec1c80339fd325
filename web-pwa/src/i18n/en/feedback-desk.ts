import type { FeedbackDeskTexts } from '../sv/feedback-desk.ts'

/** Texts for whoever handles views and complaints, in English. */
export const feedbackDesk: FeedbackDeskTexts = {
  title: 'Feedback',
  help: 'Anonymous. It cannot be joined to an encounter: only the day is kept.',
  empty: 'No feedback yet.',
  handling: {
    received: 'Received',
    investigating: 'Being looked into',
    answered: 'Answered',
    closed: 'Closed without an answer',
  },
  untouched: 'Nobody has read it',
  came: (date) => `Came ${date}`,
  step: 'What has been done?',
  note: 'Note, stays within the organisation',
  reply: 'Reply to the one who wrote',
  replyHint: 'Read by whoever kept their reply link. Write in the same language.',
  save: 'Save',
  saved: 'Saved',
  history: 'What has happened',
  page: 'The page for visitors',
}
