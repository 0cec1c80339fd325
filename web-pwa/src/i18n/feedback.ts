import { feedback as bg } from './bg/feedback.ts'
import { feedback as en } from './en/feedback.ts'
import { feedback as ro } from './ro/feedback.ts'
import { feedback as sv } from './sv/feedback.ts'

/** The languages of the page for visitors, who choose theirs there; more than the interface has. */
export const feedback = { sv, en, ro, bg }
