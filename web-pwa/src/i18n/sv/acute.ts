import type { Callee, Outcome } from '$core/shared/model.ts'

const callee: Record<Callee, string> = {
  emergency: '112',
  duty_service: 'Socialjouren',
  eu_team: 'EU-teamet',
  police: 'Polisen',
  care_advice: 'Sjukvårdsrådgivningen',
  other: 'Annat nummer',
}

const outcome: Record<Outcome, string> = {
  open: 'Pågår',
  taken_over: 'Jouren har tagit över',
  helped: 'Personen fick hjälp på plats',
  declined: 'Personen ville inte ha hjälp',
  not_found: 'Personen gick inte att hitta',
  mistake: 'Larmat av misstag',
}

/** Texts about acute needs, in Swedish, by whoever raises them and whoever takes over. */
export const acute = {
  callee,
  outcome,
  /** Roles that answer, most likely first. */
  answerers: {
    emergency: ['Larmoperatör'],
    duty_service: ['Socialsekreterare', 'Växeln'],
    eu_team: ['Socialsekreterare', 'Samordnare'],
    police: ['Polisens växel', 'Polis'],
    care_advice: ['Sjuksköterska'],
    other: ['Jouren', 'Växeln'],
  } satisfies Record<Callee, string[]> as Record<Callee, string[]>,
  raise: {
    title: 'Larma',
    lead: 'Ring först. Larmet går till jouren och din samordnare när telefonen har nät.',
    calls: 'Samtal',
    noCalls: 'Du har inte ringt någon härifrån än.',
    called: (who: string, at: string) => `${who}, ${at}`,
    whoAnswered: (who: string) => `Vem svarade hos ${who}?`,
    nobody: 'Ingen svarade',
    otherRole: 'Annan roll',
    otherRoleHint: 'Roll, aldrig namn.',
    category: 'Vad gäller det?',
    categoryMissing: 'Välj vad det gäller.',
    place: 'Var?',
    placeMissing: 'Välj var det är.',
    note: 'Vad behövs?',
    noteHint: 'Om läget och behovet. Aldrig namn, nummer eller ursprung.',
    childTitle: 'Ett barn far illa',
    childHelp:
      'Föreningar som utför socialtjänst på uppdrag ska anmäla oro; andra bör. Ring socialjouren och säg att det är en orosanmälan.',
    save: 'Spara larmet',
    saved: 'Larmet är sparat på telefonen',
    draft: 'Du hade börjat på det här larmet. Det är kvar.',
  },
  page: {
    title: 'Larm',
    gone: 'Larmet finns inte på telefonen.',
    opened: (when: string) => `Sparat ${when}`,
    unheard: 'Ingen har kvitterat',
    waiting: 'Larmet är bara på telefonen. Det väntar på nät. Ring.',
    onServer:
      'Larmet ligger på servern, men ingen människa har sagt att hen har sett det. Ring igen om det inte kan vänta.',
    refused: 'Servern tog inte emot larmet. Ring, och säg till samordnaren.',
    answered: (who: string, at: string) => `${who} svarade i telefon ${at}.`,
    acknowledged: (at: string) => `Kvitterat ${at}`,
    acknowledgedHelp: 'En människa har sagt att hen har tagit emot larmet.',
    closed: (at: string) => `Avslutat ${at}`,
    withdrawn: 'Tillbakataget',
    again: 'Ring igen',
    log: 'Vad som har hänt',
    raised: 'Du sparade larmet',
    call: (who: string) => `Samtal till ${who}`,
    nobody: 'ingen svarade',
    change: 'Vem svarade?',
    answeredSaved: 'Samtalet är uppskrivet på telefonen',
    withdraw: 'Ta tillbaka larmet',
    withdrawSure: 'Ta tillbaka larmet? Jouren ser det överstruket.',
    withdrawnSaved: 'Tillbakataget, sparat på telefonen',
  },
  list: {
    open: 'Dina larm',
    older: 'Tidigare larm',
    unheard: 'ingen har kvitterat',
    heard: 'kvitterat',
  },
  desk: {
    title: 'Larm',
    help: 'Den som larmat får veta att en människa har det först när du kvitterar.',
    empty: 'Inga larm.',
    unheard: 'Ingen har kvitterat',
    withdrawn: 'Tillbakataget av den som larmade. Kvittera när någon har sett det.',
    flood: (n: number, organisation: string) =>
      `En telefon hos ${organisation} har ${n} larm som ingen har kvitterat. Ring och fråga; koppla bort telefonen om den är stulen:`,
    ago: {
      minutes: (n: number) => `för ${n} min sedan`,
      hours: (n: number) => `för ${n} tim sedan`,
      days: (n: number) => `för ${n} dygn sedan`,
    },
    acknowledged: (at: string) => `Kvitterat ${at}`,
    noCalls: 'Inget samtal uppskrivet.',
    calls: 'Samtal',
    nobody: 'ingen svarade',
    who: 'Vem tar det, och vad händer nu?',
    whoHint: 'Roll och organisation, aldrig namn. Den som larmat läser det.',
    whoDefault: (organisation: string) => `${organisation} har tagit emot`,
    outcome: 'Hur slutade det?',
    acknowledge: 'Kvittera',
    again: 'Lägg till',
    done: 'Kvitterat. Telefonen får veta det nästa gång den når servern.',
    closedTitle: 'Avslutade',
    noPlace: 'Ingen plats angiven',
  },
}

export type AcuteTexts = typeof acute
