import type { NoticesTexts } from '../sv/notices.ts'

/** Notices over any page, in English. */
export const notices: NoticesTexts = {
  updateReady: 'A new version is ready.',
  update: 'Update',
  later: 'Later',
  installing: 'The app is being put on the phone. Stay where there is a network until it is done.',
  notInstalled: 'Without a network the app cannot be opened yet.',
  undone: 'Undone',
}
