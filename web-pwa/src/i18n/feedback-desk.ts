import { enFeedbackDesk } from './en-feedback-desk.ts'
import { i18n } from './i18n.svelte.ts'
import { svFeedbackDesk, type FeedbackDeskTexts } from './sv-feedback-desk.ts'

/** The texts about handling feedback in the language in use. */
export function feedbackDeskTexts(): FeedbackDeskTexts {
  return i18n.language === 'sv' ? svFeedbackDesk : enFeedbackDesk
}
