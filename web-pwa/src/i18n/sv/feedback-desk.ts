import type { Handling } from '$core/shared/model.ts'

const handling: Record<Handling, string> = {
  received: 'Mottagen',
  investigating: 'Utreds',
  answered: 'Besvarad',
  closed: 'Avslutad utan svar',
}

/** Texts for whoever handles views and complaints, in Swedish. */
export const feedbackDesk = {
  title: 'Synpunkter',
  help: 'Anonyma. De går inte att koppla till ett möte: bara dygnet sparas.',
  empty: 'Inga synpunkter än.',
  handling,
  untouched: 'Ingen har läst den',
  came: (date: string) => `Kom in ${date}`,
  step: 'Vad har gjorts?',
  note: 'Anteckning, stannar i organisationen',
  reply: 'Svar till den som skrev',
  replyHint: 'Läses av den som har sparat sin svarslänk. Skriv på samma språk.',
  save: 'Spara',
  saved: 'Sparat',
  history: 'Vad som har hänt',
  page: 'Sidan för besökare',
}

export type FeedbackDeskTexts = typeof feedbackDesk
