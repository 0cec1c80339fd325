import type { Instant, NightDate, OrganisationId, Role } from './model.ts'

/** Who this phone is. */
export interface Member {
  device: string
  role: Role
  organisation: { id: OrganisationId; name: string }
  /** The phone's name from its enrolment. */
  label: string
}

/** The partnership's settings, as the server gives them. Kept on the phone, so that they are there offline. */
export interface Configuration {
  organisations: { id: OrganisationId; name: string }[]
  period_days: number
  /** How many places a draw takes. */
  drawn_places: number
  districts: { code: string; name: string }[]
  /** Who to call; `number` as it is to be dialled or read. */
  numbers: { id: string; name_sv: string; name_en: string; number: string }[]
  /** When the phone locks. */
  phones: { idle_minutes: number; hidden_seconds: number; lease_days: number }
  /** The present period; `end` is its last night. */
  period: { start: NightDate; end: NightDate } | null
  /** When it was read from the server; 0 for the defaults that come with the app. */
  read_at: Instant
  /** The fingerprint of the team key that is in use; none before the first was made. */
  team_key?: string | null
  /** The public key that envelopes are sealed with (`platform/envelope.ts`); a server of an older version has none. */
  envelope_key?: string | null
}

/** Who this phone is, with what proves it. */
export interface Identity extends Member {
  token: string
  /** The half that signs. */
  keys: Pick<CryptoKeyPair, 'privateKey'>
}
