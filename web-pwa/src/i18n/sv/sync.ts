/** Texts of what the server did not take in, or takes in later, in Swedish. */
export const sync = {
  title: 'Sparat och skickat',
  savedHere: 'Allt du har sparat finns på telefonen.',
  clockOff: (span: string) =>
    `Klockan i telefonen går ${span} fel. Det du sparar får rätt tid ändå.`,
  clockGuessed:
    'Klockan i telefonen stämmer inte. Ställ den, eller låt appen nå servern: annars kan det du sparar få fel tid.',
  clockDoubted: (when: string) =>
    `Klockan i telefonen kan vara fel: appen har legat stängd länge och inte nått servern sedan dess. Enligt telefonen är det ${when}. Stämmer det inte, ställ klockan innan du sparar.`,
  span: {
    minutes: (n: number) => `${n} min`,
    hours: (n: number) => `${n} timmar`,
    days: (n: number) => `${n} dagar`,
  },
  lastContact: 'Senaste kontakt med servern',
  never: 'Aldrig',
  waitingTitle: 'Väntar på nät',
  waitingNone: 'Inget väntar. Servern har tagit emot allt.',
  waitingNothingYet: 'Inget väntar.',
  refusedTitle: 'Togs inte emot',
  refusedHelp:
    'Servern sparade inte detta, men det är kvar på telefonen. Säg till samordnaren och nämn koden.',
  nextTry: (time: string) => `Nytt försök ${time}`,
  now: 'Skicka nu',
  oldWaiting: (n: number) =>
    `Det äldsta har väntat i ${n} dagar. Kom i närheten av nät med appen öppen.`,
  about: {
    title: 'Vad händer med det du skriver?',
    parts: [
      {
        head: 'Det sparas först på telefonen',
        text: '”Sparat på telefonen” betyder att det finns kvar även om telefonen dör. ”Mottaget” betyder att servern har skrivit det på disk.',
      },
      {
        head: 'Inga namn, aldrig',
        text: 'Det finns inget fält för namn, personnummer, telefonnummer eller ursprung. Ser en text ut att ha något sådant frågar telefonen innan den sparar. Den hittar det vanliga, inte allt.',
      },
      {
        head: 'Vem som ser vad',
        text: 'Möten ser bara din egen organisation. Andra organisationer ser att ett besök gjordes, vilken natt, och antalet. Var platserna ligger ser bara de som går dit; rapporter visar stadsdelsområden.',
      },
    ],
  },
  /** By the server's code. */
  rejection: {
    erased: 'Detta är raderat och tas inte emot igen.',
    discarded: 'Samordnaren har kastat detta.',
    not_allowed:
      'Den här telefonen får inte göra den ändringen. Be den som gjorde uppgiften, eller samordnaren.',
    date_out_of_range: 'Tiden är för gammal eller ligger framåt. Samordnaren kan släppa in det.',
    personal_number: 'Det finns ett personnummer i texten. Ta bort det och spara igen.',
    too_many_values: 'Samma uppgift har fått för många värden samtidigt.',
    too_many_visits: 'Det finns för många besök på platsen den natten. Ta tillbaka ett först.',
    operations_cost: 'Det är för mycket att kontrollera på en gång.',
    change_too_large: 'Det är för mycket på en gång. Dela upp det.',
    too_many_operations: 'Det är för mycket på en gång. Dela upp det.',
    document_too_large: 'Posten är full. Fortsätt i en ny.',
    clock_ahead: 'Telefonens klocka gick före när detta sparades.',
    invalid_content: 'Något värde är utanför det tillåtna.',
    newer_schema: 'Det är skrivet av en nyare version av appen.',
    not_in_scope: 'Det hör till en annan organisation.',
    signature: 'Servern godtog inte telefonens nyckel.',
    unknown: 'Servern kunde inte läsa det.',
  },
  later: {
    later: 'Servern hann inte med allt. Resten skickas av sig självt.',
    quota: 'Servern tar emot mer i morgon. Det ligger kvar på telefonen.',
    disk_reserve: 'Servern har ont om plats och tar emot mer senare. Det ligger kvar på telefonen.',
    unknown: 'Servern tar emot det senare. Det ligger kvar på telefonen.',
  },
}

export type SyncTexts = typeof sync
