/** The interface of the wasm module `src/wasm/lagesbild_wasm.js`, as the bindings state it. */

import type {
  Content,
  Coverage,
  DocumentId,
  Draw,
  Instant,
  Kind,
  Visit,
  Place,
  Alert,
  Feedback,
} from '../shared/model.ts'

/** Two or more values that were written to one field at the same time. */
export interface Conflict {
  path: string[]
  values: {
    op: string
    value: string | number | boolean | null
    device: string | null
    /** When it was written; absent in what an older version stored. */
    at?: Instant | null
    winner: boolean
  }[]
}

/** A document as it stands. */
export type View = { document: DocumentId; conflicts: Conflict[]; by?: Authorship } & Content

/** Who said what a document says, read from its history. Views that an older version stored lack it. */
export interface Authorship {
  /** The device that made the document. */
  made_by: string | null
  /** The devices that made records, by `counts/<record>`, where it was another. */
  records: Record<string, string>
  /** What another than its maker has said since, and everything that was withdrawn. */
  said: { path: string[]; device: string; at: Instant | null }[]
}

/** What is stored about a document besides its chunks. */
export interface DocumentRow {
  document: DocumentId
  kind: Kind
  /** Whether it belongs to the phone's own organisation: a place may be another's. */
  own?: boolean
  view: View
  server_heads: string[]
  next_sequence: number
  /** Changes that the server has not acknowledged. */
  unsent: number
  rejected: { code: string; detail: string } | null
}

/** A piece of a document, as bytes. */
export interface Chunk {
  document: DocumentId
  sequence: number
  kind: 'snapshot' | 'change'
  bytes: Uint8Array
}

/** What the replica knows about the server's log. */
export interface Meta {
  epoch: number
  cursor: number
  /** In the middle of a reading, the cursor at which it began. */
  since?: number | null
  draw: Draw | null
}

/** What must be stored in one strict transaction before the next call. */
export interface Writes {
  documents: DocumentRow[]
  chunks: Chunk[]
  drop_chunks_before: { document: DocumentId; sequence: number }[]
  remove_documents: DocumentId[]
  coverage: Coverage[]
  meta: Meta | null
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

/** What the wasm core throws. */
export interface CoreFailure {
  code: string
  detail: string
  document?: DocumentId
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
    stored: { meta: Meta | null; documents: DocumentRow[] },
  ) => Replica
  schema(): number
  codes(): Record<string, string[]>
  night_of(ms: Instant): string
  /** A line each: kind and path, then two characters, each a set of bits counted from `@`. */
  authority(): string | Offers
}
