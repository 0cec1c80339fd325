/** Notices over any page, in Swedish. */
export const notices = {
  updateReady: 'En ny version är klar.',
  update: 'Uppdatera',
  later: 'Senare',
  installing: 'Appen läggs i telefonen. Stanna där det finns nät tills det är klart.',
  notInstalled: 'Utan nät går appen inte att öppna än.',
  undone: 'Ångrat',
}

export type NoticesTexts = typeof notices
