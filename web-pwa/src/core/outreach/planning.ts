/** The input and the result of planning. */

import type { Saved } from './intents.ts'
import type { Content, DeviceId, DocumentId, Instant, RecordId, Visit } from '../shared/model.ts'
import type { Command } from './wasm-types.ts'

/** Everything that planning may look at. */
export interface Surroundings {
  device: DeviceId
  now: Instant
  documentId(): DocumentId
  recordId(): RecordId
  content(document: DocumentId): Content | null
  /** This organisation's visits to a place. */
  visitsAt(place: DocumentId): Iterable<[DocumentId, Visit]>
  isDrawn(place: DocumentId): boolean
}

/** Commands to carry out as one, and what to tell the worker once they are durable. */
export interface Plan {
  commands: Command[]
  saved: Omit<Saved, 'at' | 'undo'>
  /** Commands that take it back, in order. */
  undo: Command[]
}
