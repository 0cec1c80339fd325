/** The intents of a worker. Each becomes one or more commands to the replica. */

import type {
  Access,
  Alert,
  Basis,
  Call,
  Count,
  DocumentId,
  Encounter,
  Place,
  PlaceState,
  PlaceType,
  Proposal,
  RecordId,
  Tip,
  Visit,
} from '../shared/model.ts'

/** A place as the worker states it when it is new. */
export interface NewPlace {
  name: string
  place_type: PlaceType
  /** The district's code; empty when the worker does not know. */
  district: string
  /** Degrees, as the phone gives them; rounded to 100 m. Only the desk makes one exact. */
  position: { latitude: number; longitude: number } | null
  note?: string
}

/** Where something was recorded: at a known place, or at one that is recorded along with it. */
export type Where = { place: DocumentId } | { new_place: NewPlace }

/** Fields of the visit that may be set along with a record. */
export interface VisitPart {
  access?: Access
  /** Left out: `drawn` when the place is drawn for this period, else `chosen`. */
  basis?: Basis
  weather_opening?: boolean
  note?: string
}

/** The fields of a count that the worker fills in; what is left out takes its default. */
export type CountFields = Partial<Omit<Count, 'observer' | 'at' | 'withdrawn'>>
/** The fields of an encounter that the worker fills in; what is left out takes its default. */
export type EncounterFields = Partial<Omit<Encounter, 'observer' | 'at' | 'withdrawn'>>

/** The fields of an alert that a worker sets. */
export type AlertFields = Pick<Alert, 'category' | 'place' | 'note'>
/** The fields of an alert that can be changed. */
export type AlertChange = Partial<AlertFields & Pick<Alert, 'withdrawn'>>

export type Intent =
  /** Records a count in tonight's visit to the place (made when there is none). Zero counts say *seen and empty*. */
  | { type: 'count'; where: Where; count: CountFields; visit?: VisitPart }
  /** Records that the worker was there and could see nothing. */
  | { type: 'no_access'; where: Where; visit?: VisitPart }
  /** Records an encounter in tonight's visit to the place (made when there is none). */
  | { type: 'encounter'; where: Where; encounter: EncounterFields; visit?: VisitPart }
  /** Changes a count: only the fields that are given. `base` is what the worker saw while editing. */
  | {
      type: 'edit_count'
      document: DocumentId
      record: RecordId
      base: Count
      change: Partial<Count>
    }
  | {
      type: 'edit_encounter'
      document: DocumentId
      record: RecordId
      base: Encounter
      change: Partial<Encounter>
    }
  /** Changes the visit itself (access, basis, note, times, withdrawn …). */
  | {
      type: 'edit_visit'
      document: DocumentId
      base: Visit
      change: Partial<Omit<Visit, 'counts' | 'encounters'>>
    }
  | { type: 'new_place'; place: NewPlace }
  | {
      type: 'edit_place'
      document: DocumentId
      base: Place
      change: Partial<Omit<Place, 'states' | 'tips' | 'proposals' | 'exact' | 'same_as'>>
    }
  | { type: 'place_state'; document: DocumentId; state: PlaceState }
  | { type: 'tip'; document: DocumentId; tip: Pick<Tip, 'from' | 'text'> }
  /** Proposes a change that this phone may not make. */
  | {
      type: 'propose'
      document: DocumentId
      proposal: Pick<Proposal, 'about' | 'value' | 'reason'>
    }
  /** Takes back an own tip, state or proposal. */
  | {
      type: 'withdraw_record'
      document: DocumentId
      sort: 'states' | 'tips' | 'proposals'
      record: RecordId
    }
  /** Raises an alert, with the calls that were made before it was written. */
  | { type: 'alert'; alert: AlertFields; calls: Omit<Call, 'withdrawn'>[] }
  /** Notes a call about an alert. */
  | { type: 'call'; document: DocumentId; call: Omit<Call, 'at' | 'withdrawn'> }
  /** Notes who answered a call; empty when nobody did. */
  | { type: 'answered'; document: DocumentId; record: RecordId; answered_by: string }
  /** Changes the alert itself. How it ended is the desk's to say. */
  | { type: 'edit_alert'; document: DocumentId; base: Alert; change: AlertChange }
  /** Settles a conflict: the value with this `op` stands. */
  | { type: 'choose'; document: DocumentId; path: string[]; op: string }
  /** Takes back what a receipt names. */
  | { type: 'undo'; undo: UndoToken }

/** The handle of an undo. Opaque to the UI; survives only as long as the page. */
export interface UndoToken {
  readonly id: string
}

/** Given back once the record is durable on the phone. */
export interface Saved {
  /** The document that holds what was recorded. */
  document: DocumentId
  /** The record inside it, where there is one. */
  record: RecordId | null
  /** The place it belongs to; new places get theirs here. */
  place: DocumentId | null
  /** `null` where there is nothing to take back. */
  undo: UndoToken | null
  /** When it became durable. */
  at: number
}
