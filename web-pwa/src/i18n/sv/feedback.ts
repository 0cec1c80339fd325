/** The public feedback page, in Swedish. The other languages have the same keys, by type. */
export const feedback = {
  title: 'Säg vad du tycker',
  anonymous: 'Du behöver inte säga vem du är. Det påverkar aldrig den hjälp du får.',
  about: 'Det gäller',
  choose: 'Vilken organisation gäller det?',
  chooseMissing: 'Välj en organisation.',
  text: 'Skriv här',
  textHint: 'Beröm, klagomål eller en fråga. Skriv inte namn eller telefonnummer.',
  textMissing: 'Skriv något först.',
  send: 'Skicka',
  sending: 'Skickar …',
  thanks: 'Tack. Vi har tagit emot det.',
  thanksHelp: 'Någon läser det och tar reda på vad som har hänt.',
  replyLink: 'Spara den här länken om du vill läsa svaret:',
  copy: 'Kopiera länken',
  copied: 'Kopierad',
  another: 'Skriv något mer',
  privacy: 'Sidan har inga kakor och sparar inte vem du är. Bara dygnet sparas, inte klockslaget.',
  ivo: 'Du kan också vända dig till Inspektionen för vård och omsorg, IVO.',
  problem: {
    offline: 'Det gick inte att skicka. Det du skrev är kvar här. Försök igen när du har nät.',
    slow: 'För många har skrivit härifrån nyss. Det du skrev är kvar. Försök igen om en minut.',
    long: 'Texten är för lång. Korta den och försök igen.',
    unknown: 'Den här adressen finns inte längre. Välj en organisation.',
  },
  answerTitle: 'Svar på det du skrev',
  answerNone: 'Ingen har läst det än. Titta igen om några dagar.',
  answerGone: 'Det finns inget svar här. Kontrollera länken.',
  reply: 'Svar',
  handling: {
    received: 'Någon har läst det.',
    investigating: 'Vi tar reda på vad som har hänt.',
    answered: 'Vi har svarat.',
    closed: 'Vi har läst det och avslutat det utan svar.',
  },
}

export type FeedbackTexts = typeof feedback
