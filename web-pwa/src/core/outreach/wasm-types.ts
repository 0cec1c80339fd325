/** The interface of the wasm module `src/wasm/lagesbild_wasm.js`, as the bindings state it. */

import type * as model from '../shared/generated/model.ts'
import type {
  Content,
  Coverage,
  DocumentId,
  Instant,
  Visit,
  Place,
  Alert,
  Feedback,
} from '../shared/model.ts'

export type { Authorship, Meta } from '../shared/generated/model.ts'

/** Two or more values that were written to one field at the same time. Only single values conflict. */
export interface Conflict extends Omit<model.Conflict, 'values'> {
  values: (model.ConflictingValue & { value: string | number | boolean | null })[]
}

/** A document as it stands. Views that an older version stored lack who said it. */
export type View = {
  document: DocumentId
  conflicts: Conflict[]
  by?: model.Authorship
} & Content

/** What is stored about a document besides its chunks. */
export type DocumentRow = Omit<model.DocumentRow, 'view'> & { view: View }

/** A piece of a document, as bytes. */
export interface Chunk {
  document: DocumentId
  sequence: number
  kind: model.ChunkKind
  bytes: Uint8Array
}

/** What must be stored in one strict transaction before the next call. */
export interface Writes {
  documents: DocumentRow[]
  chunks: Chunk[]
  drop_chunks_before: { document: DocumentId; sequence: number }[]
  remove_documents: DocumentId[]
  coverage: Coverage[]
  meta: model.Meta | null
}

export type DocumentContent = Visit | Place | Alert | Feedback

/** What a worker does, as the replica carries it out. */
export type Command =
  | { type: 'create'; document: DocumentId; content: Content }
  | { type: 'edit'; document: DocumentId; base: DocumentContent; next: DocumentContent }
  | { type: 'choose'; document: DocumentId; path: string[]; op: string }

/** What became of a reply. */
export interface Received {
  writes: Writes
  more: boolean
  accepted: number
  /** What the server did not let in. */
  rejected: { document: DocumentId; code: string; detail: string }[]
  /** What this phone's own gate did not let in from the server. */
  refused: { document: DocumentId; code: string; detail: string }[]
  changed: DocumentId[]
  purged: DocumentId[]
  server_time: Instant
  /** The server doubts its own clock: nothing is to be learnt from it. */
  clock_doubted?: boolean
  epoch_changed: boolean
}

/** The phone's state machine: no storage, no network, no clock of its own. */
export interface Replica {
  loaded(document: DocumentId): boolean
  load(document: DocumentId, chunks: Uint8Array[]): void
  unload(document: DocumentId): void
  execute(command: Command, now: Instant): Writes
  documents_to_send(): DocumentId[]
  request(now: Instant): Uint8Array
  /** A request whose reply nobody hears; `whole`: whether all own changes that the server lacks are in it. */
  request_to_leave(now: Instant): { payload: Uint8Array; whole: boolean }
  signed_bytes(payload: Uint8Array): Uint8Array
  seal(payload: Uint8Array, signature: Uint8Array): Uint8Array
  documents_to_receive(reply: Uint8Array): DocumentId[]
  receive(reply: Uint8Array, now: Instant): Received
  free(): void
}

/** By kind and path (a star for a record's id): the relations that may add and that may change, as bits. */
export type Offers = Readonly<Record<string, readonly [number, number]>>

/** The module. */
export interface CoreModule {
  Replica: new (
    identity: { device: string; session: string },
    stored: { meta: model.Meta | null; documents: DocumentRow[] },
  ) => Replica
  schema(): number
  codes(): Record<string, string[]>
  night_of(ms: Instant): string
  /** A line each: kind and path, then two characters, each a set of bits counted from `@`. */
  authority(): string | Offers
}
