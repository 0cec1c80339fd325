/** How a phone is connected, in Swedish. */
export const enrol = {
  welcome: 'Telefonen är ansluten',
  you: (role: string, organisation: string) => `Du är ${role.toLowerCase()} i ${organisation}.`,
  startWork: 'Börja',
  howTo: 'Visa hur det fungerar, i tre korta sidor',
  working: 'Ansluter telefonen …',
  neededTitle: 'Telefonen är inte ansluten',
  neededHelp:
    'Be din samordnare om en länk och öppna den på den här telefonen. Länken gäller en gång.',
  code: 'Kod från länken',
  codeHint: 'Har du koden men inte länken? Skriv den här.',
  connect: 'Anslut telefonen',
  askTitle: 'Anslut den här telefonen?',
  invitedTo: (role: string, organisation: string) =>
    `Länken är en inbjudan: ${role.toLowerCase()} i ${organisation}. Den gäller en gång.`,
  begun: 'Du har redan börjat ansluta här. Fortsätt.',
  inApp: (app: string) =>
    `Sidan är öppnad inne i ${app || 'en annan app'}. Det som sparas här hittar du inte sedan. Öppna länken i telefonens egen webbläsare, Chrome eller Safari, i stället.`,
  problem: {
    code_unknown: {
      title: 'Länken känns inte igen',
      help: 'Kontrollera att hela länken kom med, eller be samordnaren om en ny.',
    },
    code_used: {
      title: 'Länken är redan använd',
      help: 'En länk gäller för en telefon. Be samordnaren om en ny.',
    },
    code_expired: {
      title: 'Länken har gått ut',
      help: 'Be samordnaren om en ny. Den gäller bara en kort tid.',
    },
    unreachable: {
      title: 'Servern går inte att nå',
      help: 'Att ansluta kräver nät, en gång. Länken är inte förbrukad: försök igen när du har nät.',
    },
    unsupported: {
      title: 'Telefonen kan inte köra appen',
      help: 'Webbläsaren saknar något som behövs (WebAssembly, säker nyckel eller lagring). Uppdatera den. På iPhone: stäng av Låst läge för den här sidan.',
    },
    unknown: {
      title: 'Det gick inte att ansluta',
      help: 'Försök igen. Händer det igen: säg till samordnaren.',
    },
  },
}

export type EnrolTexts = typeof enrol
