import type { NoticesTexts } from '../sv/notices.ts'

/** Notices over any page, in English. */
export const notices: NoticesTexts = {
  updateReady: 'A new version is ready.',
  update: 'Update',
  later: 'Later',
  undone: 'Undone',
}
