/** Notices over any page, in Swedish. */
export const notices = {
  updateReady: 'En ny version är klar.',
  update: 'Uppdatera',
  later: 'Senare',
  undone: 'Ångrat',
}

export type NoticesTexts = typeof notices
