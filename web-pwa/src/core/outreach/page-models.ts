/** The results of the core's page models. */

import type {
  Access,
  Acknowledgement,
  Alert,
  Basis,
  Call,
  Count,
  Coverage,
  DocumentId,
  Encounter,
  Group,
  Instant,
  Kind,
  NightDate,
  Place,
  PlaceState,
  PlaceType,
  RecordId,
  Visit,
} from '../shared/model.ts'
import type { Conflict } from './wasm-types.ts'

/** A place as a row in a list. */
export interface PlaceRow {
  place: DocumentId
  name: string
  place_type: PlaceType
  district: string
  /** The district's name, from the configuration; the code when unknown. */
  district_name: string
  state: PlaceState
  /** Metres from the phone; `null` without either position. */
  distance: number | null
  /** Drawn in the present period. */
  drawn: boolean
  /** Visited tonight, by anybody we know of. */
  visited_tonight: boolean
  /** Visited in the present period, by anybody we know of; for a drawn place: seen as a whole since the draw. */
  visited_in_period: boolean
  /** The latest night on which anybody is known to have been there. */
  last_night: NightDate | null
  /** Best figure of the latest visit that saw the place; `null` without one. */
  last_count: number | null
  /** When this organisation last recorded something there. */
  last_used: Instant | null
}

/** The content of the home screen. */
export interface HomeModel {
  night: NightDate
  /** How many places the phone knows. */
  places: number
  /** The draw of the present period: how many, and how many have been visited by anybody. */
  drawn: { total: number; visited: number }
  /** Drawn places not yet visited in the period: nearest first when a position is known, else by name. */
  round: PlaceRow[]
  /** Other active places not visited in the last 7 nights by anybody; nearest first, then longest ago. */
  due: PlaceRow[]
  /** Places used lately by this phone, latest first; at most 8. */
  recent: PlaceRow[]
  /** This organisation's records of tonight. */
  tonight: { visits: VisitRow[]; counts: number; encounters: number }
  /** Conflicts that wait for somebody to choose. */
  conflicts: number
}

/** A visit as a row in a list. */
export interface VisitRow {
  visit: DocumentId
  place: DocumentId
  place_name: string
  night: NightDate
  started: Instant
  access: Access
  basis: Basis
  /** Median of the best figures of its counts, rounded up; `null` without counts. */
  best: number | null
  counts: number
  encounters: number
  conflicts: number
  /** Not yet confirmed by the server. */
  waiting: boolean
  /** Refused by the server, with its code. */
  rejected: string | null
  withdrawn: boolean
}

/** The page of one place. */
export interface PlaceModel {
  row: PlaceRow
  content: Place
  conflicts: Conflict[]
  /** This organisation's visits, latest first. */
  visits: VisitRow[]
  /** Others' visits there, latest night first. */
  coverage: (Coverage & { night_date: NightDate; organisation_name: string })[]
  /** Tonight's open visit of this organisation, if there is one. */
  tonight: DocumentId | null
  waiting: boolean
}

/** The page of one visit. Withdrawn records are left in, marked. */
export interface VisitModel {
  row: VisitRow
  content: Visit
  counts: {
    record: RecordId
    count: Count
    best: number
    mine: boolean
    /** Corrections and withdrawals since it was made. */
    since: Since[]
    warnings: Warning[]
  }[]
  encounters: { record: RecordId; encounter: Encounter; mine: boolean; since: Since[] }[]
  /** Who withdrew the visit, and when. */
  since: Since[]
  conflicts: ConflictModel[]
}

/** An acute need, and how far word of it has come. */
export interface AlertModel {
  document: DocumentId
  content: Alert
  /** Empty when it is at no recorded place. */
  place_name: string
  /** Where the alert is: only on this phone, on the server's disk, or refused by it. None says that a person has seen it. */
  state: 'waiting' | 'on_server' | 'refused'
  /** Calls that stand, the first one first. */
  calls: { record: RecordId; call: Call }[]
  /** People who have said that they have it, the first one first. */
  acknowledgements: Acknowledgement[]
  /** The latest call that somebody answered. */
  answered: Call | null
  open: boolean
  /** Open, and nobody has acknowledged it. */
  unheard: boolean
  /** Whole minutes since it was raised. */
  minutes: number
  /** How many times the worker should have been reminded by now. */
  reminders: number
}

/** Who said something that stands in a record after its maker, and when. */
export interface Since {
  field: string
  mine: boolean
  at: Instant | null
}

/** The kinds of change to a document. */
export type Act = 'add' | 'change'

/** Oddities that the app points out and does not forbid. */
export type Warning =
  | 'low_above_best'
  | 'high_below_best'
  | 'groups_above_best'
  | 'opened_above_tents'
  | 'far_above_usual'

/** A conflict with enough around it to ask about it. */
export interface ConflictModel {
  document: DocumentId
  kind: Kind
  /** The name of the place it concerns. */
  place_name: string
  path: string[]
  /** Last part of the path: the field, e.g. `adults`. */
  field: string
  /** Whether it concerns a count, an encounter, or the document itself. */
  record: { sort: 'count' | 'encounter' | 'state' | 'tip'; record: RecordId } | null
  values: {
    op: string
    value: string | number | boolean | null
    device: string | null
    /** Written on this phone. */
    mine: boolean
    /** When it was written, by that phone's clock; `null` when that is not known. */
    at: Instant | null
    /** Stands at present. */
    winner: boolean
  }[]
}

/** One thing that waits or was refused, for the sync details page. */
export interface OutboxRow {
  document: DocumentId
  kind: Kind
  /** The place's name, also for a visit. */
  title: string
  /** Changes that the server has not confirmed. */
  changes: number
  /** When it was recorded. */
  at: Instant
  rejected: { code: string; detail: string } | null
  /** Why the server takes it later. */
  later: string | null
}

/** The values to prefill a form with. */
export interface Suggestion {
  /** The place used last tonight, else the nearest within 300 m, else the place used last. */
  place: PlaceRow | null
  /** From the latest count or encounter at that place. */
  group: Group
  sleeping: Count['sleeping']
}

/** Order and length of a list of places; what somebody types is looked up in a `PlaceIndex`. */
export interface PlaceQuery {
  /** As they lie when left out: ten thousand take their time to sort. */
  order?: 'recent' | 'near' | 'name'
  /** How many at most; all when left out. */
  limit?: number
}
