import type * as model from '$core/shared/model.ts'

/** A word for each code of a closed list. */
type Words<T extends string> = Record<T, string>

/** The words for the closed lists' codes. */
export interface Codes {
  access: Words<model.Access>
  basis: Words<model.Basis>
  group: Words<model.Group>
  method: Words<model.Method>
  sleeping: Words<model.Sleeping>
  language: Words<model.Language>
  need: Words<model.Need>
  topic: Words<model.Topic>
  contact: Words<model.Contact>
  metBefore: Words<model.MetBefore>
  placeType: Words<model.PlaceType>
  placeState: Words<model.PlaceState>
  role: Words<model.Role>
  kind: Words<model.Kind>
}

/** The words in Swedish, as a colleague would say them. */
export const codes: Codes = {
  access: {
    complete: 'Hela platsen',
    partial: 'En del',
    no_access: 'Kom inte in',
  },
  basis: { chosen: 'Vald plats', drawn: 'Lottad plats' },
  group: { eu_eea: 'EU/EES', third_country: 'Tredje land', unknown: 'Vet inte' },
  method: { seen: 'Sedda', tents: 'Räknat tält', reported: 'Berättat av andra' },
  sleeping: {
    outdoors: 'Utomhus',
    public_building: 'Trapphus, garage eller annat öppet hus',
    tent: 'Tält',
    shack: 'Koja',
    car: 'Bil',
    caravan: 'Husvagn',
    night_shelter: 'Natthärbärge',
    acquaintances: 'Hos bekanta',
    unknown: 'Vet inte',
  },
  language: {
    sv: 'Svenska',
    en: 'Engelska',
    ro: 'Rumänska',
    bg: 'Bulgariska',
    pl: 'Polska',
    es: 'Spanska',
    fr: 'Franska',
    uk: 'Ukrainska',
    ru: 'Ryska',
    ar: 'Arabiska',
    tr: 'Turkiska',
    de: 'Tyska',
    other: 'Annat språk',
  },
  need: {
    child_at_risk: 'Barn som far illa',
    pregnancy: 'Graviditet',
    substance_use: 'Svårt missbruk',
    mental_health: 'Svår psykisk ohälsa',
    older_person: 'Äldre som behöver stöd',
    disability: 'Funktionsnedsättning',
    health: 'Sjukdom eller skada',
    shelter: 'Tak över huvudet i natt',
    exploitation: 'Våld, utnyttjande, människohandel',
  },
  topic: {
    rights: 'Rättigheter',
    obligations: 'Skyldigheter',
    complaints: 'Hur man klagar',
    health_care: 'Vård',
    shelter: 'Härbärgen',
    travel: 'Hjälp att resa hem',
    work: 'Arbete och lön',
  },
  contact: {
    police: 'Polisen',
    regional_coordinator: 'Regionkoordinatorn',
    health_care: 'Vården',
    duty_service: 'Socialjouren',
    eu_team: 'EU-teamet',
    partner: 'Annan i partnerskapet',
    embassy: 'Ambassad eller konsulat',
    other: 'Någon annan',
  },
  metBefore: {
    unknown: 'Vet inte',
    no: 'Nej',
    by_us: 'Av oss',
    by_other: 'Av andra',
  },
  placeType: {
    settlement: 'Boplats',
    sleeping_place: 'Sovplats',
    street: 'Gata eller torg',
    park: 'Park eller skog',
    public_building: 'Station eller annat öppet hus',
    service: 'Dagverksamhet eller härbärge',
    other: 'Annat',
  },
  placeState: {
    active: 'Någon bor eller sover här',
    empty: 'Tom',
    evicted: 'Avhyst',
    unknown: 'Vet inte',
  },
  role: {
    worker: 'Uppsökare',
    coordinator: 'Samordnare',
    reader: 'Läsare',
    duty: 'Jour',
    administrator: 'Administratör',
  },
  kind: { visit: 'Besök', place: 'Plats', alert: 'Larm', feedback: 'Synpunkt' },
}
