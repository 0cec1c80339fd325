/** Defaults until the first contact with the server. */

import type { Configuration } from '../shared/member.ts'
import type { SyncState } from './field-core.ts'

/** Nothing was sent yet, and nothing waits. */
export const NEVER_SYNCED: SyncState = {
  online: true,
  busy: false,
  waiting: 0,
  waiting_since: null,
  received_at: null,
  problem: null,
  clock_error: 0,
  clock_guessed: false,
  clock_doubted: false,
  heard_at: null,
  next_at: null,
  later: null,
  rejected: [],
}

/** Districts of Stockholm since 2023-07-01, and public numbers to call; the server's replace them. */
export const DEFAULT_CONFIGURATION: Configuration = {
  organisations: [],
  period_days: 28,
  drawn_places: 8,
  phones: { idle_minutes: 5, hidden_seconds: 60, lease_days: 14 },
  districts: [
    { code: 'bromma', name: 'Bromma' },
    { code: 'enskede-arsta-vantor', name: 'Enskede-Årsta-Vantör' },
    { code: 'farsta', name: 'Farsta' },
    { code: 'hagersten-alvsjo', name: 'Hägersten-Älvsjö' },
    { code: 'hasselby-vallingby', name: 'Hässelby-Vällingby' },
    { code: 'jarva', name: 'Järva' },
    { code: 'kungsholmen', name: 'Kungsholmen' },
    { code: 'norra-innerstaden', name: 'Norra innerstaden' },
    { code: 'skarpnack', name: 'Skarpnäck' },
    { code: 'skarholmen', name: 'Skärholmen' },
    { code: 'sodermalm', name: 'Södermalm' },
  ],
  numbers: [
    { id: 'emergency', name_sv: 'Akut fara', name_en: 'Emergency', number: '112' },
    {
      id: 'duty_service',
      name_sv: 'Socialjouren',
      name_en: 'Social services on call',
      number: '08-508 40 000',
    },
    { id: 'eu_team', name_sv: 'EU-teamet', name_en: 'The EU team', number: '08-508 25 690' },
    { id: 'police', name_sv: 'Polisen', name_en: 'The police', number: '114 14' },
    { id: 'care_advice', name_sv: 'Vårdråd', name_en: 'Care advice', number: '1177' },
  ],
  period: null,
  read_at: 0,
}
