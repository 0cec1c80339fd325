import { plural } from './plural.ts'

/** How many persons, in words. */
export const persons = (n: number) => plural(n, { one: `${n} person`, other: `${n} personer` })

/** Texts of every page, in Swedish. */
export const common = {
  appName: 'Lägesbild',
  back: 'Tillbaka',
  home: 'Till start',
  cancel: 'Avbryt',
  save: 'Spara',
  undo: 'Ångra',
  change: 'Ändra',
  close: 'Stäng',
  tryAgain: 'Försök igen',
  yes: 'Ja',
  no: 'Nej',
  persons,
  unread: (most: number) => `Skriv ett helt tal med siffror, högst ${most}.`,
  drafts: {
    discard: 'Börja om',
    goOn: 'Gå vidare med det',
    leave: 'Ta bort det',
    offered: (night: string) =>
      `Ett utkast från natten ${night} ligger kvar. Det är inte inlagt här.`,
    taken: 'Det här är redan sparat, eller borttaget, i en annan flik.',
  },
  room: {
    left: (n: number) => `${n} tecken kvar`,
    cut: (n: number) => `De sista ${n} tecknen fick inte plats och är inte med.`,
  },
  more: (n: number) => `Visa ${n} till`,
  shownOf: (shown: string, all: string) => `${shown} av ${all} visas`,
  code: 'Kod',
  sending: 'Skickar …',
  today: 'i dag',
  yesterday: 'i går',
  daysAgo: (n: number) => plural(n, { one: 'för 1 dag sedan', other: `för ${n} dagar sedan` }),
  missing: 'Sidan finns inte',
  missingHelp: 'Länken leder ingenstans i appen. Det du har sparat är kvar.',
}

export type CommonTexts = typeof common
