/**
 * The documents as the app sees them: the same fields and codes as in the
 * shared Rust core (`sync-core/src/model`), which checks every one of them.
 */

/** 32 lower-case hexadecimal digits. */
export type DocumentId = string
/** 16 lower-case hexadecimal digits. */
export type DeviceId = string
/** 16 lower-case hexadecimal digits: the key of a record inside a document. */
export type RecordId = string
/** An organisation's short name, e.g. `eu-teamet`. */
export type OrganisationId = string
/** Milliseconds since 1970-01-01 UTC. */
export type Instant = number
/** `YYYY-MM-DD`: 12:00–12:00 in Stockholm, named by the date on which it starts. */
export type NightDate = string
/** The same night as days since 1970-01-01. */
export type NightNumber = number

export const KINDS = ['visit', 'place', 'alert', 'feedback'] as const
export const ACCESSES = ['complete', 'partial', 'no_access'] as const
export const BASES = ['chosen', 'drawn'] as const
export const GROUPS = ['eu_eea', 'third_country', 'unknown'] as const
export const METHODS = ['seen', 'tents', 'reported'] as const
export const SLEEPINGS = [
  'outdoors',
  'public_building',
  'tent',
  'shack',
  'car',
  'caravan',
  'night_shelter',
  'acquaintances',
  'unknown',
] as const
export const LANGUAGES = [
  'sv',
  'en',
  'ro',
  'bg',
  'pl',
  'es',
  'fr',
  'uk',
  'ru',
  'ar',
  'tr',
  'de',
  'other',
] as const
export const NEEDS = [
  'child_at_risk',
  'pregnancy',
  'substance_use',
  'mental_health',
  'older_person',
  'disability',
  'health',
  'shelter',
  'exploitation',
] as const
export const TOPICS = [
  'rights',
  'obligations',
  'complaints',
  'health_care',
  'shelter',
  'travel',
  'work',
] as const
export const CONTACTS = [
  'police',
  'regional_coordinator',
  'health_care',
  'duty_service',
  'eu_team',
  'partner',
  'embassy',
  'other',
] as const
export const MET_BEFORES = ['unknown', 'no', 'by_us', 'by_other'] as const
export const PLACE_TYPES = [
  'settlement',
  'sleeping_place',
  'street',
  'park',
  'public_building',
  'service',
  'other',
] as const
export const PLACE_STATES = ['active', 'empty', 'evicted', 'unknown'] as const
export const CALLEES = [
  'emergency',
  'duty_service',
  'eu_team',
  'police',
  'care_advice',
  'other',
] as const
export const OUTCOMES = [
  'open',
  'taken_over',
  'helped',
  'declined',
  'not_found',
  'mistake',
] as const
export const HANDLINGS = ['received', 'investigating', 'answered', 'closed'] as const
export const PROPOSED = [
  'name',
  'place_type',
  'district',
  'position',
  'exact',
  'same_as',
  'withdrawn',
  'note',
] as const
export const DECISIONS = ['accepted', 'declined'] as const
export const ROLES = ['worker', 'coordinator', 'reader', 'duty', 'administrator'] as const

export type Kind = (typeof KINDS)[number]
export type Access = (typeof ACCESSES)[number]
export type Basis = (typeof BASES)[number]
export type Group = (typeof GROUPS)[number]
export type Method = (typeof METHODS)[number]
export type Sleeping = (typeof SLEEPINGS)[number]
export type Language = (typeof LANGUAGES)[number]
export type Need = (typeof NEEDS)[number]
export type Topic = (typeof TOPICS)[number]
export type Contact = (typeof CONTACTS)[number]
export type MetBefore = (typeof MET_BEFORES)[number]
export type PlaceType = (typeof PLACE_TYPES)[number]
export type PlaceState = (typeof PLACE_STATES)[number]
export type Callee = (typeof CALLEES)[number]
export type Outcome = (typeof OUTCOMES)[number]
export type Handling = (typeof HANDLINGS)[number]
/** What a proposal for a place is about. */
export type Proposed = (typeof PROPOSED)[number]
export type Decision = (typeof DECISIONS)[number]
export type Role = (typeof ROLES)[number]

/** Records by id. A record is never removed, only withdrawn. */
export type Records<T> = Record<RecordId, T>

/** One observation of how many people were at the place: evidence, never a part of a sum. */
export interface Count {
  observer: DeviceId
  at: Instant
  adults: number
  children: number
  /** Persons whose age could not be told. */
  unknown: number
  /** At least this many, where the worker was unsure. */
  low: number | null
  /** At most this many, where the worker was unsure. */
  high: number | null
  eu_eea: number | null
  third_country: number | null
  sleeping: Sleeping
  method: Method
  tents: number | null
  tents_opened: number | null
  persons_in_opened: number | null
  withdrawn: boolean
}

/** A meeting with one or more persons. Holds nothing that names anybody. */
export interface Encounter {
  observer: DeviceId
  at: Instant
  adults: number
  children: number
  group: Group
  languages: Language[]
  sleeping: Sleeping
  met_before: MetBefore
  /** By which organisation, when `met_before` is `by_other`. */
  met_by: OrganisationId | null
  /** Re-sighting code: 12 characters a–z, 0–9. */
  code: string | null
  needs: Need[]
  /** Topic → the leaflet's `version/language`; empty when told orally. */
  information: Partial<Record<Topic, string>>
  contacts: Contact[]
  note: string
  withdrawn: boolean
}

/** A visit to a place, with what was counted there and who was met. One document. */
export interface Visit {
  place: DocumentId
  /** Decides the night. */
  started: Instant
  ended: Instant | null
  access: Access
  basis: Basis
  weather_opening: boolean
  counts: Records<Count>
  encounters: Records<Encounter>
  note: string
  withdrawn: boolean
}

export interface DatedState {
  state: PlaceState
  at: Instant
  withdrawn: boolean
}

export interface Tip {
  /** A role or an organisation, never a name. */
  from: string
  at: Instant
  checked: Instant | null
  text: string
  withdrawn: boolean
}

/** What somebody proposes who may not change it: the desk decides. */
export interface Proposal {
  about: Proposed
  /** What it should be, as text: a name, a code, a document's id, `true`. */
  value: string
  reason: string
  at: Instant
  decision: Decision | null
  decided: Instant | null
  withdrawn: boolean
}

/** A place where people sleep or stay. One document. */
export interface Place {
  name: string
  place_type: PlaceType
  district: string
  /** 1e-5 degrees north (about 1 m). */
  latitude: number | null
  /** 1e-5 degrees east. */
  longitude: number | null
  exact: boolean
  created: Instant
  states: Records<DatedState>
  tips: Records<Tip>
  /** Places that an older version stored have none. */
  proposals?: Records<Proposal>
  same_as: DocumentId | null
  note: string
  withdrawn: boolean
}

export interface Call {
  to: Callee
  at: Instant
  answered_by: string
  withdrawn: boolean
}

export interface Acknowledgement {
  by: DeviceId
  at: Instant
  note: string
  withdrawn: boolean
}

export interface Alert {
  category: Need
  place: DocumentId | null
  opened: Instant
  note: string
  calls: Records<Call>
  acknowledgements: Records<Acknowledgement>
  outcome: Outcome
  closed: Instant | null
  withdrawn: boolean
}

export interface Step {
  handling: Handling
  at: Instant
  note: string
  withdrawn: boolean
}

export interface Feedback {
  text: string
  language: Language
  about: OrganisationId | null
  at: Instant
  steps: Records<Step>
  reply: string
  withdrawn: boolean
}

/** What a document holds, typed by its kind. */
export type Content =
  | { kind: 'visit'; content: Visit }
  | { kind: 'place'; content: Place }
  | { kind: 'alert'; content: Alert }
  | { kind: 'feedback'; content: Feedback }

/** What another organisation did at a place one night: no encounters, no people. */
export interface Coverage {
  place: DocumentId
  night: NightNumber
  organisation: OrganisationId
  complete: boolean
  count: number | null
  present: boolean
}

/** The places drawn for a period. */
export interface Draw {
  /** First night of the period. */
  period: NightNumber
  /** 0 when none was made yet. */
  drawn_at: Instant
  places: DocumentId[]
}

/** The largest number that a single field may state. */
export const MOST_PERSONS = 5_000
/** Longest note, in bytes of UTF-8. */
export const NOTE_BYTES = 4_000
/** Longest name or short text, in bytes of UTF-8. */
export const NAME_BYTES = 200
