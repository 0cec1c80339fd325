import { plural } from './plural.ts'

const things = (n: number) => plural(n, { one: '1 sparad sak', other: `${n} sparade saker` })

/** The texts of the lock, in Swedish. Loaded with its pages. */
export const lock = {
  secure: {
    title: 'Lås det du sparar',
    help: 'Allt på telefonen krypteras. Bara din lösenfras öppnar det: servern har den inte, och ingen kan ta fram den åt dig.',
    before: 'Det här är nytt. Det som redan finns på telefonen krypteras också.',
    phrase: 'Välj en lösenfras',
    hint: 'Minst 12 tecken. Fyra ord som inte hör ihop är lätta att minnas och svåra att gissa.',
    suggest: 'Föreslå ord',
    hide: 'Dölj lösenfrasen',
    save: 'Lås med lösenfrasen',
    working: 'Krypterar …',
    later: 'Senare',
    problem: {
      short: 'Den är för kort. Skriv minst 12 tecken.',
      digits: 'Bara siffror är lätt att gissa. Ta med ord.',
      same: 'Den är för lätt att gissa. Använd fler olika tecken.',
    },
  },
  locked: {
    title: 'Låst',
    phrase: 'Lösenfras',
    show: 'Visa lösenfrasen',
    open: 'Lås upp',
    opening: 'Låser upp …',
    passkey: 'Lås upp med finger eller ansikte',
    wait: (time: string) => `Fel för många gånger. Försök igen ${time}.`,
    forgot: 'Glömt lösenfrasen?',
    waiting: (n: number) => `${things(n)} väntar på nät. De skickas när du låser upp.`,
    sealed: (n: number) =>
      `${things(n)} väntar på nät. Telefonen försöker skicka även när den är låst.`,
    sent: (n: number, time: string) =>
      `${things(n)} skickades låst till servern ${time}. Lås upp för att se att allt stämmer.`,
    invited: 'Du har öppnat en ny länk, men på telefonen finns redan sådant som är låst.',
    invitedForget: 'Använd den nya länken i stället',
  },
  recover: {
    title: 'Börja om med en ny länk',
    help: 'Utan lösenfrasen går det som finns på telefonen inte att öppna. Samordnaren kan inte heller öppna det, bara ge dig en ny länk.',
    lost: (n: number, since: string | null) =>
      `Det här går förlorat: ${things(n)} som servern inte har fått${since === null ? '' : `, den äldsta från ${since}`}.`,
    sent: (n: number, when: string) =>
      `${things(n)} skickades låst till servern ${when}. Inget går förlorat.`,
    nothingLost: 'Servern har fått allt. Inget går förlorat.',
    agree: 'Jag förstår att det försvinner',
    erase: 'Radera och börja om',
    eraseInvited: 'Radera och anslut med nya länken',
    erasing: 'Raderar …',
  },
  lease: {
    title: 'Behöver nå servern',
    help: (days: number) =>
      `Telefonen har inte haft kontakt med servern på ${days} dagar, eller så går dess klocka fel. Därför visar den inget förrän den har nått den.`,
    kept: 'Allt du har sparat finns kvar. Gå dit det finns nät och försök igen.',
    clock: 'Telefonens klocka går fel. Ställ den och försök igen.',
    retry: 'Försök nå servern',
  },
  settings: {
    title: 'Lås',
    now: 'Lås nu',
    when: (minutes: number, seconds: number) =>
      `Telefonen låser sig efter ${minutes} minuter utan att du rör den, och när appen varit borta från skärmen i ${seconds} sekunder.`,
    lease: (days: number) =>
      `Har den inte nått servern på ${days} dagar visar den inget förrän den har det.`,
    notSet: 'Det som finns på telefonen är inte låst.',
    set: 'Välj en lösenfras',
    passkeyTitle: 'Finger eller ansikte',
    passkeyHelp: 'Snabbare än lösenfrasen. Lösenfrasen fungerar fortfarande.',
    passkeyAdd: 'Slå på',
    passkeyOn: 'Finger eller ansikte är på.',
    passkeyRemove: 'Stäng av',
    passkeyMissing: 'Telefonen eller webbläsaren kan inte.',
    changeTitle: 'Byt lösenfras',
    from: 'Nuvarande lösenfras',
    to: 'Ny lösenfras',
    change: 'Byt',
    changed: 'Lösenfrasen är bytt.',
    working: 'Ett ögonblick …',
  },
}

/** The type of the lock's texts in every language. */
export type LockTexts = typeof lock
