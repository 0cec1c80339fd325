/** What is said about places, their map, and in the first-run help, in Swedish. */
export const svPlace = {
  map: 'Karta över stadsdelsområdena, att peka på',
  mapPin: (name: string) => `Karta: ${name}, ungefär här`,
  pick: 'Peka ut på kartan',
  pickHelp: 'Tryck ungefär där platsen ligger. Positionen avrundas till 100 meter.',
  pickKeys:
    'Med tangentbord: piltangenterna flyttar nålen, med Skift i längre steg. Enter eller mellanslag sätter den. Esc ångrar.',
  moved: (district: string) => `Nålen är i ${district}, inte satt än.`,
  movedOutside: 'Nålen är utanför stadsdelsområdena, inte satt än.',
  picked: (district: string) => `Utpekat i ${district}. Avrundas till 100 meter.`,
  sample: 'Påhittad karta för övning',
  closer: 'Närmare',
  further: 'Längre bort',
  states: 'Läget förut',
  since: (state: string, when: string) => `${state} från ${when}`,
  same: 'Samma plats som',
  sameNone: 'Ingen annan',
  sameHelp: 'Om platsen finns två gånger. Besök räknas då till den andra, och inget försvinner.',
  sameSaved: 'Ändringen är sparad på telefonen',
  isSame: (name: string) => `Den här räknas som ${name}.`,
  tip: 'Nytt tips',
  tipFrom: 'Från vem? Roll eller organisation',
  tipText: 'Vad sades?',
  tipSave: 'Spara tips',
  tipSaved: 'Tipset är sparat på telefonen',
  more: 'Samma plats, tips',
  newPlace: {
    title: 'Ny plats',
    name: 'Namn',
    nameHint: 'Vad kollegorna kallar platsen. Aldrig en persons namn.',
    nameMissing: 'Skriv vad platsen kallas.',
    type: 'Vad är det?',
    district: 'Stadsdelsområde',
    districtMissing: 'Välj stadsdelsområde.',
    position: 'Ta med positionen, avrundad till 100 meter',
    positionWaiting: 'Söker positionen …',
    positionFound: 'Positionen är med, avrundad till 100 meter.',
    positionMissing: 'Positionen gick inte att få. Platsen kan sparas utan.',
    note: 'Hur man hittar dit',
    save: 'Spara plats',
    saved: 'Platsen är sparad på telefonen',
  },
  help: {
    title: 'Så fungerar det',
    show: 'Visa hur det fungerar',
    step: (n: number, of: number) => `${n} av ${of}`,
    next: 'Nästa',
    done: 'Klar',
    screens: [
      {
        head: 'Räkna det du ser',
        text: [
          'Välj plats, ställ in hur många, spara. Tomt är också ett svar: tryck Tomt.',
          'Såg du bara en del, eller kom inte in? Säg det, så räknas det rätt.',
          'Lottade platser behöver besök även om du tror att ingen är där.',
        ],
      },
      {
        head: 'Möte, utan namn',
        text: [
          'Skriv upp vad som behövs och vad ni gjorde. Aldrig vem.',
          'Visa bladen om rättigheter på språket ni talar. Koden för synpunkter finns där.',
          'Fel? Ångra i en minut, eller ändra när du vill.',
        ],
      },
      {
        head: 'Utan nät går allt',
        text: [
          'Sparat på telefonen: det finns kvar. Väntar: servern har det inte än. Mottaget: det är i hamn.',
          'Akut: ring först. Ett larm i appen är inte hört förrän någon har kvitterat.',
          'Appen låser sig när du lägger undan den. Glöm inte lösenfrasen.',
        ],
      },
    ],
  },
}

export type PlaceTexts = typeof svPlace
