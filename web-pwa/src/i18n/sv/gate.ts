/** Why a phone cannot be worked on, and what to do, in Swedish. */
export const gate = {
  otherTabTitle: 'Appen är öppen i en annan flik',
  otherTabHelp:
    'Bara en flik åt gången skriver, så att inget krockar. Använd den andra fliken, eller ta över här.',
  takeOver: 'Använd här',
  evictedTitle: 'Telefonen har rensat appen',
  evictedHelp:
    'Webbläsaren har tagit bort det som var sparat här. Det servern har fått finns kvar och kommer tillbaka när du ansluter igen. Be samordnaren om en ny länk.',
  erasedTitle: 'Telefonen är bortkopplad',
  erasedHelp:
    'Samordnaren har kopplat bort telefonen. Det som var sparat här är raderat. Be om en ny länk om det var ett misstag.',
  updateTitle: 'Uppdatera appen',
  updateHelp:
    'Det som är sparat är skrivet av en nyare version än den här. Uppdatera för att fortsätta. Inget är borta.',
  failedTitle: 'Appen kunde inte öppna det som är sparat',
  failedHelp: 'Inget är raderat. Ladda om appen. Händer det igen: säg till samordnaren.',
  reload: 'Ladda om',
}

export type GateTexts = typeof gate
