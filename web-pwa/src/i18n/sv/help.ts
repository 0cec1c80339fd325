/** The first-run help, in Swedish. */
export const help = {
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
}

export type HelpTexts = typeof help
