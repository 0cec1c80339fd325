import { plural } from './plural.ts'

/** The start page, in Swedish. */
export const home = {
  twoValues: 'Två värden',
  title: 'Start',
  night: (dates: string) => `Natten ${dates}`,
  count: 'Räkna',
  countHint: 'Hur många är på platsen',
  encounter: 'Möte',
  encounterHint: 'Vem du träffade och vad som behövs',
  encounterHintAt: (place: string) => `Vid ${place}`,
  urgent: 'Akut',
  urgentHint: 'Ring 112, socialjouren, EU‑teamet',
  round: 'Rundan',
  drawn: 'Lottade, inte besökta',
  drawnVisited: (visited: number, total: number) => `${visited} av ${total} besökta`,
  due: 'Dags att besöka',
  tonight: 'I natt',
  drawnMark: 'Lottad',
  neverVisited: 'Aldrig besökt',
  lastVisited: (when: string) => `Senast ${when}`,
  allPlaces: 'Alla platser',
  information: 'Information att visa',
  conflicts: (n: number) =>
    plural(n, { one: '1 uppgift har två värden', other: `${n} uppgifter har två värden` }),
  conflictsHelp: 'Två har ändrat samma sak. Välj vilket som gäller.',
  emptyTitle: 'Inga platser än',
  emptyHelp:
    'Platserna kommer när telefonen har nått servern. Du kan lägga till en plats och räkna redan nu.',
  doneHelp: 'Alla lottade platser är besökta den här perioden.',
  settings: 'Inställningar',
  coordination: 'Samordning',
}

export type HomeTexts = typeof home
