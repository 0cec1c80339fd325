import type { FeedbackTexts } from '../sv/feedback.ts'

/** The public feedback page, in Romanian. */
export const feedback: FeedbackTexts = {
  title: 'Spuneți-ne ce credeți',
  anonymous:
    'Nu trebuie să spuneți cine sunteți. Acest lucru nu influențează niciodată ajutorul pe care îl primiți.',
  about: 'Este vorba despre',
  choose: 'Despre ce organizație este vorba?',
  chooseMissing: 'Alegeți o organizație.',
  text: 'Scrieți aici',
  textHint: 'O laudă, o plângere sau o întrebare. Nu scrieți nume sau numere de telefon.',
  textMissing: 'Scrieți mai întâi ceva.',
  send: 'Trimite',
  sending: 'Se trimite …',
  thanks: 'Mulțumim. Am primit mesajul.',
  thanksHelp: 'Cineva îl citește și află ce s-a întâmplat.',
  replyLink: 'Păstrați acest link dacă vreți să citiți răspunsul:',
  copy: 'Copiază linkul',
  copied: 'Copiat',
  another: 'Scrieți altceva',
  privacy:
    'Această pagină nu folosește cookie-uri și nu păstrează cine sunteți. Se păstrează doar ziua, nu ora.',
  ivo: 'Vă puteți adresa și Inspectoratului pentru Sănătate și Asistență Socială, IVO.',
  problem: {
    offline:
      'Mesajul nu a putut fi trimis. Ce ați scris este încă aici. Încercați din nou când aveți internet.',
    slow: 'Prea multe mesaje au fost trimise de aici. Ce ați scris este încă aici. Încercați din nou peste un minut.',
    long: 'Textul este prea lung. Scurtați-l și încercați din nou.',
    unknown: 'Această adresă nu mai există. Alegeți o organizație.',
  },
  answerTitle: 'Răspunsul la ce ați scris',
  answerNone: 'Nimeni nu l-a citit încă. Reveniți peste câteva zile.',
  answerGone: 'Aici nu există niciun răspuns. Verificați linkul.',
  reply: 'Răspuns',
  handling: {
    received: 'Cineva l-a citit.',
    investigating: 'Aflăm ce s-a întâmplat.',
    answered: 'Am răspuns.',
    closed: 'L-am citit și l-am închis fără răspuns.',
  },
}
