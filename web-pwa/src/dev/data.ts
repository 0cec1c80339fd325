/** A made-up city for looking at the screens. Nothing here is a real place or figure. */
import { emptyCount, fieldsOf } from '../ui/field/count-draft.ts'
import { emptyEncounter, fieldsOf as encounterFields } from '../ui/field/encounter-draft.ts'
import type { Configuration, Member } from '$core/shared/member.ts'
import type { Count, Encounter, Place, PlaceType, Visit } from '$core/shared/model.ts'

export const NOW = Date.parse('2026-11-21T20:47:00Z')
const HOUR = 3_600_000
export const DAY = 24 * HOUR

export const member: Member = {
  device: '5e1f00c2a94b77d3',
  role: 'coordinator',
  organisation: { id: 'eu-teamet', name: 'EU-teamet' },
  label: 'Telefon 3',
}

export const configuration: Configuration = {
  organisations: [
    { id: 'eu-teamet', name: 'EU-teamet' },
    { id: 'forening-a', name: 'Förening A (exempel)' },
    { id: 'forening-b', name: 'Förening B (exempel)' },
    { id: 'forening-c', name: 'Förening C (exempel)' },
  ],
  period_days: 28,
  phones: { idle_minutes: 5, hidden_seconds: 60, lease_days: 14 },
  drawn_places: 24,
  districts: [
    ['bromma', 'Bromma'],
    ['enskede-arsta-vantor', 'Enskede-Årsta-Vantör'],
    ['farsta', 'Farsta'],
    ['hagersten-alvsjo', 'Hägersten-Älvsjö'],
    ['hasselby-vallingby', 'Hässelby-Vällingby'],
    ['jarva', 'Järva'],
    ['kungsholmen', 'Kungsholmen'],
    ['norra-innerstaden', 'Norra innerstaden'],
    ['skarpnack', 'Skarpnäck'],
    ['skarholmen', 'Skärholmen'],
    ['sodermalm', 'Södermalm'],
  ].map(([code = '', name = '']) => ({ code, name })),
  numbers: [
    { id: 'emergency', name_sv: 'SOS Alarm', name_en: 'SOS Alarm', number: '112' },
    {
      id: 'duty_service',
      name_sv: 'Socialjouren',
      name_en: 'Socialjouren (duty service)',
      number: '08-508 40 000',
    },
    { id: 'eu_team', name_sv: 'EU-teamet', name_en: 'EU-teamet', number: '08-508 25 690' },
    { id: 'police', name_sv: 'Polisen', name_en: 'Police', number: '114 14' },
    { id: 'care', name_sv: 'Sjukvårdsrådgivningen', name_en: 'Care advice', number: '1177' },
  ],
  period: { start: '2026-11-09', end: '2026-12-06' },
  read_at: NOW - 2 * HOUR,
}

const names: [string, PlaceType, string][] = [
  ['Exempelbron, norra fästet', 'settlement', 'sodermalm'],
  ['Tallbacken bakom Provhallen', 'settlement', 'farsta'],
  ['Stationshallen plan 2', 'public_building', 'norra-innerstaden'],
  ['Kajskjulet', 'sleeping_place', 'sodermalm'],
  ['Testparken, scenen', 'park', 'skarpnack'],
  ['Garage Mönstergatan', 'public_building', 'kungsholmen'],
  ['Skogsdungen vid motionsspåret som går mot Övningssjön', 'settlement', 'enskede-arsta-vantor'],
  ['Lekmans torg', 'street', 'hagersten-alvsjo'],
  ['Parkeringen vid Provisoriet', 'settlement', 'skarholmen'],
  ['Trappan mot Låtsasvägen', 'sleeping_place', 'norra-innerstaden'],
  ['Dagcentralen Exemplet', 'service', 'sodermalm'],
  ['Gläntan 4', 'settlement', 'jarva'],
]

export const id = (n: number): string => n.toString(16).padStart(32, '0')
export const recordId = (n: number): string => n.toString(16).padStart(16, '0')

export const places = new Map<string, Place>(
  names.map(([name, place_type, district], n) => [
    id(n + 1),
    {
      name,
      place_type,
      district,
      latitude: null,
      longitude: null,
      exact: false,
      created: NOW - 90 * DAY,
      states:
        n === 0
          ? {
              [recordId(2)]: { state: 'active', at: NOW - 60 * DAY, withdrawn: false },
              [recordId(3)]: { state: 'evicted', at: NOW - 3 * DAY, withdrawn: false },
            }
          : {},
      proposals:
        n === 0
          ? {
              [recordId(4)]: {
                about: 'position',
                value: '5931000,1807000',
                reason: '',
                at: NOW - DAY,
                decision: null,
                decided: null,
                withdrawn: false,
              },
            }
          : {},
      tips:
        n === 0
          ? {
              [recordId(1)]: {
                from: 'Parkförvaltningen',
                at: NOW - 6 * DAY,
                checked: null,
                text: 'Två nya tält innanför staketet.',
                withdrawn: false,
              },
            }
          : {},
      same_as: null,
      note: n === 0 ? 'Gå ner för trappan vid södra fästet, sedan under bron.' : '',
      withdrawn: false,
    },
  ]),
)

export const count = (fields: Partial<Count>): Count => ({
  ...(fieldsOf(emptyCount()) as Count),
  observer: member.device,
  at: NOW - HOUR,
  withdrawn: false,
  ...fields,
})

export const encounter = (fields: Partial<Encounter>): Encounter => ({
  ...(encounterFields(emptyEncounter()) as Encounter),
  observer: member.device,
  at: NOW - HOUR,
  code: null,
  withdrawn: false,
  ...fields,
})

export const visit = (fields: Partial<Visit>): Visit => ({
  place: id(1),
  started: NOW - HOUR,
  ended: null,
  access: 'complete',
  basis: 'chosen',
  weather_opening: false,
  counts: {},
  encounters: {},
  note: '',
  withdrawn: false,
  ...fields,
})

export const visits = new Map<string, Visit>([
  [
    id(101),
    visit({
      basis: 'drawn',
      counts: {
        [recordId(1)]: count({ adults: 5, children: 2, unknown: 1, low: 6, high: 10, tents: 4 }),
        [recordId(2)]: count({ adults: 7, observer: 'aa00bb11cc22dd33', at: NOW - 0.8 * HOUR }),
      },
      encounters: {
        [recordId(3)]: encounter({
          adults: 2,
          children: 1,
          languages: ['ro', 'sv'],
          needs: ['shelter'],
          information: { rights: '', shelter: '' },
        }),
      },
    }),
  ],
  [
    id(102),
    visit({
      place: id(4),
      started: NOW - 2 * HOUR,
      counts: { [recordId(4)]: count({ at: NOW - 2 * HOUR }) },
    }),
  ],
  [id(103), visit({ place: id(6), started: NOW - 2.5 * HOUR, access: 'no_access' })],
])
