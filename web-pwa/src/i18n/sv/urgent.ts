/** The call card and the alerts nobody has heard, in Swedish. */
export const urgent = {
  title: 'Akut',
  lead: 'Fara för liv: ring 112 först.',
  call: (name: string) => `Ring ${name}`,
  openNote: 'Ingen vet något förrän någon har svarat i telefon.',
  notConnected: 'Appen är inte öppen: samtalet skrivs inte upp.',
  raise: 'Skriv upp och larma',
  alerts: 'Larm',
  watch: 'Larm som ingen har kvitterat',
  unheard: (span: string) => `Larm: ingen har kvitterat på ${span}`,
  callAgain: 'Ring igen',
  heard: 'Kvitterat, pågår',
  ended: 'Avslutat',
  span: {
    minutes: (n: number) => `${n} min`,
    hours: (n: number) => `${n} tim`,
    days: (n: number) => `${n} dygn`,
  },
  fallback:
    'Telefonen har inte hämtat numren till socialjouren och EU-teamet än. De kommer när den har nått servern.',
}

export type UrgentTexts = typeof urgent
