import { plural } from './plural.ts'
import type { MethodReport, PeopleReport } from '$core/shared/generated/api.ts'

type Kind = NonNullable<MethodReport['kind']>
type PeopleMethod = NonNullable<PeopleReport['estimate']>['method']

/** The texts of the page that explains the numbers, in Swedish. Loaded with that page only. */
export const method = {
  title: 'Så räknar vi',
  lead: 'Vi ger två olika tal: hur många som är här en vanlig natt, och hur många olika personer som varit här under perioden. Här står hur de blev till, steg för steg, med den här periodens egna siffror.',
  table: 'Visa som tabell',
  none: 'inget',

  night: {
    title: 'En vanlig natt',
    count: {
      title: 'Vi räknar det vi ser',
      places: (visited: string, places: string) =>
        `${visited} av ${places} platser är sedda i sin helhet.`,
      seen: (persons: string) =>
        `Tillsammans fanns där ${persons} personer en vanlig natt. Så många är sedda för säkert.`,
      median:
        'Har flera räknat samma plats samma natt gäller det mittersta talet, aldrig summan. Annars skulle de bli fler ju fler som räknar.',
      partly: (n: number) =>
        plural(n, {
          one: '1 plats sågs bara delvis: det som sågs där är ett lägsta tal.',
          other: `${n} platser sågs bara delvis: det som sågs där är ett lägsta tal.`,
        }),
      recounted: (n: number, phi: string) =>
        plural(n, {
          one: `1 gång räknades en plats två gånger samma natt. Så mycket skilde räkningarna sig åt, jämfört med ren slump: ${phi}.`,
          other: `${n} gånger räknades en plats två gånger samma natt. Så mycket skilde räkningarna sig åt, jämfört med ren slump: ${phi}.`,
        }),
      notRecounted:
        'Ingen plats har räknats två gånger samma natt, så hur osäker en räkning är har vi antagit, inte mätt.',
    },
    draw: {
      title: 'Vi lottar platser',
      why: 'Den som väljer själv går dit det brukar finnas folk. Därför lottar servern platser bland dem som ingen har besökt, och dit går vi vad vi än väntar oss.',
      done: (visited: string, places: string, seed: string) =>
        `${visited} av ${places} lottade platser är besökta efter lottningen. Lottningens nummer är ${seed}: med det kan vem som helst göra om den.`,
      notYet: 'Ingen lottning har gjorts för den här perioden än.',
    },
    ratio: {
      title: 'Vi jämför med förra gången',
      drawn: (places: string, before: string, ratio: string) =>
        `På de ${places} lottade platserna fanns ${before} personer förra gången. Nu är de ${ratio} gånger så många.`,
      pooled: (places: string, before: string, ratio: string) =>
        `Lottade platser räcker inte, så vi får jämföra alla ${places} besökta platser: ${before} personer förra gången, nu ${ratio} gånger så många. Osäkerheten räknas då dubbelt.`,
      classes: {
        recent: 'Sedda de senaste två veckorna före perioden:',
        ageing: 'Sedda för två till sex veckor sedan:',
        old: 'Sedda för sex till tretton veckor sedan:',
      },
      corrected: (beta: string) =>
        `Med få platser blir kvoten lätt lite fel åt ett håll. Rättad för det: ${beta} (β).`,
      mean: 'De platser som ingen sett har ingen tidigare räkning. De får räknas som de besökta i genomsnitt.',
      notNeeded: 'Alla platser är räknade. Ingenting behöver uppskattas.',
      missing: 'För få lottade platser är besökta för att jämföra.',
    },
    fill: {
      title: 'Vi räknar fram de platser vi inte sett',
      product: (before: string, beta: string, product: string) =>
        `På platserna som ingen har sett i sin helhet fanns ${before} personer förra gången. ${beta} × ${before} = ${product}.`,
      stale: (n: number) =>
        plural(n, {
          one: '1 plats har ingen sett på över tre månader. Den är inte med.',
          other: `${n} platser har ingen sett på över tre månader. De är inte med.`,
        }),
    },
    sum: {
      title: 'Vi lägger ihop, och säger hur säkert det är',
      total: (seen: string, unseen: string, total: string) =>
        `${seen} sedda + ${unseen} uppskattade = ${total}.`,
      interval: (low: string, high: string) =>
        `Troligen är de mellan ${low} och ${high}. Räknade vi så här period efter period skulle ungefär 19 av 20 intervall innehålla det rätta talet.`,
      refused: 'Vi ger ingen uppskattning den här perioden:',
    },
    plot: {
      finding: (total: string, low: string, high: string) =>
        `${total} en vanlig natt, troligen ${low}–${high}`,
      unit: 'Personer en vanlig natt',
      seen: 'sedda för säkert',
      unseen: 'uppskattade',
      interval: 'osäkerhetsintervall',
      total: 'tillsammans',
    },
  },

  coverage: {
    finding: (share: string) => `Vi har sett platser med ${share} av dem som räknades förra gången`,
    findingNone: 'Så många av platserna är sedda',
    unit: 'Platser sedda i sin helhet, efter hur många som fanns där förra gången',
    from: (from: string) => `${from} eller fler`,
    between: (from: string, to: string) => `${from}–${to} personer`,
    size: 'Förra gången',
    visited: 'Sedda',
    places: 'Platser',
    share: 'Andel',
    seen: 'sedda',
    notSeen: 'inte sedda',
    of: (visited: string, places: string) => `${visited} av ${places}`,
  },

  people: {
    title: 'Olika personer under perioden',
    lists: {
      title: 'Varje organisation har en lista',
      how: 'På listan står inga namn, bara att någon har mötts. Två möten kopplas ihop av en kod eller av svaret på frågan om man mötts tidigare under perioden.',
      seen: (n: string) => `Tillsammans har organisationerna mött ${n} olika personer.`,
      unlinked: (n: number) =>
        plural(n, {
          one: '1 person till har mötts utan kod eller svar. Den kan vara någon av de andra och är inte med.',
          other: `${n} till har mötts utan kod eller svar. De kan vara några av de andra och är inte med.`,
        }),
      organisation: 'Organisation',
      people: 'Personer',
      used: 'Med',
      yes: 'ja',
      no: 'nej, för kort lista',
    },
    overlap: {
      title: 'Vi ser hur många som mötts av flera',
      why: 'Har många mötts av flera organisationer finns det inte många kvar som ingen mött. Har få mötts av flera finns det många kvar.',
      pair: 'Två organisationer',
      both: 'Mötta av båda',
      estimate: 'Ger',
      interval: 'Intervall',
    },
    strip: {
      title: 'Vi prövar flera sätt att räkna',
      pairFinding: (low: string, high: string) =>
        low === high ? `Paret ger ${low}` : `Paren ger från ${low} till ${high}`,
      finding: (n: number, low: string, high: string) =>
        plural(n, {
          one: `En modell stämmer med underlaget och ger ${low}`,
          other: `${n} modeller stämmer ungefär lika bra med underlaget och ger från ${low} till ${high}`,
        }),
      unit: 'Olika personer under perioden',
      independent: 'alla oberoende',
      together: (one: string, other: string) => `${one} och ${other} hänger ihop`,
      estimate: 'vår uppskattning',
      model: 'modell',
      interval: 'intervall',
      difference: 'Sämre än bästa (ΔBIC)',
      bySorts: {
        pair: 'Två listor räcker till en uppskattning (Chapman).',
        average: 'Uppskattningen är ett vägt medel över alla sätt som listorna kan hänga ihop på.',
        lower_bound:
          'Bara en lista är lång nog. Den säger hur många de är minst, inte hur många de är högst.',
      } satisfies Record<PeopleMethod, string>,
    },
    links: {
      title: 'Kopplingarna kan vara fel',
      help: 'Missade kopplingar gör talet för högt. Så skulle det bli om vi missat en del av dem:',
      found: (share: string) => `Hittade kopplingar: ${share}`,
      all: 'Alla kopplingar hittade',
    },
    assumes: {
      title: 'Det här förutsätter vi',
      items: [
        'Samma personer är här hela perioden: få kommer och få far.',
        'Alla organisationer menar samma människor.',
        'Kopplingarna är rätt.',
        'Att en organisation mött någon gör det varken lättare eller svårare för en annan. Hänvisar de till varandra blir talet för lågt.',
        'Alla går ungefär lika lätt att möta. De som håller sig undan räknas annars för få.',
      ],
    },
    refused: 'Vi ger ingen uppskattning den här perioden:',
  },

  limits: {
    title: 'När vi inte ger något tal',
    help: 'Hellre inget tal än ett som ser säkrare ut än det är. De här gränserna är bestämda i förväg.',
    limit: 'Gräns',
    now: 'Den här perioden',
    share: (share: string) => `Besökta platser hade minst ${share} av alla förra gången`,
    drawn: (n: string) => `Minst ${n} lottade platser besökta`,
    width: (n: string) => `Övre gränsen högst ${n} gånger den undre`,
    list: (n: string) => `Minst ${n} personer på varje lista som är med`,
    overlap: (n: string) => `Minst ${n} personer mötta av flera`,
    strip: (n: string) => `Modellerna skiljer sig högst ${n} gånger`,
    days: (n: string) => `Perioden högst ${n} dagar, för olika personer`,
    times: (n: string) => `${n} gånger`,
    held: 'hålls',
    broken: 'hålls inte',
    notKnown: '–',
  },

  trace: {
    title: 'För den som vill kontrollera',
    help: 'Samma underlag ger alltid samma tal, till sista siffran.',
    version: 'Metodens version',
    nightHash: 'Underlagets kontrollsumma, en natt',
    peopleHash: 'Underlagets kontrollsumma, perioden',
    seed: 'Lottningens nummer',
    se: 'Medelfel, personer',
    df: 'Frihetsgrader',
    kind: 'Sätt',
    kinds: {
      all_counted: 'alla platser räknade',
      drawn_ratio: 'kvot vid lottade platser',
      drawn_ratio_by_age: 'kvot vid lottade platser, efter ålder på förra räkningen',
      pooled_ratio: 'kvot vid alla besökta platser',
      stratified_expansion: 'medelvärde av besökta platser',
    } satisfies Record<Kind, string>,
  },
}

/** The type of that page's texts in every language. */
export type MethodTexts = typeof method
