/** What coordinators and administrators decide about devices, and what needs two people. */

import type { DocumentId, OrganisationId, Role } from '../shared/model.ts'

/** Whether the one at the desk may do something. */
export type Right = 'no' | 'with_second' | 'alone'

/** Something that is done once a second person confirms it. */
export interface PendingAct {
  id: number
  act: 'replace_team_key' | 'erase_document' | 'undo_device' | 'undo_undo' | 'retention_go_on'
  /** A document's, a device's or an undo's id, a key's fingerprint, or why retention stands still. */
  subject: string
  /** RFC 3339, as all times here. */
  since: string | null
  asked_by: string
  organisation: OrganisationId
  role: Role
  asked_at: string
  expires_at: string
  may_confirm: boolean
  may_withdraw: boolean
}

/** Why something stays as it is. */
export type LeftWhy =
  'changed_since' | 'others_wrote_into' | 'others_disagree' | 'against_the_rules' | 'refused'

export interface LeftField {
  path: string[]
  why: LeftWhy
}

/** A field that would be set back; its values are `null` for who may not read the document. */
export interface FieldSetBack {
  field: string
  was: unknown
  becomes: unknown
}

/** What an undo would do to a document. */
export interface UndoneChange {
  document: DocumentId
  kind: 'visit' | 'place' | 'alert' | 'feedback'
  organisation: OrganisationId
  place: string | null
  fields: FieldSetBack[]
  left: LeftField[]
}

export interface UndoPreview {
  needs_second: boolean
  /** In how many documents the device said something. */
  documents: number
  /** Of the first 200 of them, those in which something would change or is left. */
  changes: UndoneChange[]
  /** What waits in quarantine from the device. */
  quarantined: number
}

export interface UndoRow {
  id: number
  device: string
  since: string
  /** The undo that this one takes back. */
  of: number | null
  made_at: string
  done_at: string | null
  documents: number
  fields: number
  left: number
  discarded: number
  taken_back_by: number | null
}

/** Why retention stands still. */
export type RetentionStop = 'usual_share' | 'clock_ahead' | 'clock_behind' | 'clock_doubted'

/** What became of an order: it was begun, or waits for a second person. */
export type Ordered = 'begun' | 'waits'

/** The server's routes for it. Methods reject with a `Failure`. */
export interface DecidingApi {
  acts(): Promise<PendingAct[]>
  settleAct(id: number, what: 'confirm' | 'withdraw'): Promise<void>
  /** Why retention stands still; `null` while it runs. */
  retention(): Promise<RetentionStop | null>
  /** `anew`: all that is there counts as received now, for a clock that was behind. */
  letRetentionGoOn(anew: boolean): Promise<void>
  /** `since`: RFC 3339. */
  previewUndo(device: string, since: string): Promise<UndoPreview>
  undoDevice(device: string, since: string, quarantine: boolean): Promise<Ordered>
  undos(): Promise<UndoRow[]>
  takeBackUndo(id: number): Promise<Ordered>
}

/** The same, each asked by way of `ask`. */
export function decidingBy(
  ask: <T>(question: (api: DecidingApi) => Promise<T>) => Promise<T>,
): DecidingApi {
  return {
    acts: () => ask((api) => api.acts()),
    settleAct: (id, what) => ask((api) => api.settleAct(id, what)),
    retention: () => ask((api) => api.retention()),
    letRetentionGoOn: (anew) => ask((api) => api.letRetentionGoOn(anew)),
    previewUndo: (device, since) => ask((api) => api.previewUndo(device, since)),
    undoDevice: (device, since, quarantine) =>
      ask((api) => api.undoDevice(device, since, quarantine)),
    undos: () => ask((api) => api.undos()),
    takeBackUndo: (id) => ask((api) => api.takeBackUndo(id)),
  }
}
