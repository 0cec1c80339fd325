/** Ports of the engine to the machine that it runs on. `src/platform` has the real ones. */

import type { ClockNote } from './clock.ts'
import type { Configuration, Member } from '../shared/member.ts'
import type { Waiting } from './field-core.ts'
import type { Saved } from './intents.ts'
import type { Coverage, DocumentId, Instant } from '../shared/model.ts'
import type { DocumentRow, Meta, Writes } from './wasm-types.ts'

/** Opens what is stored. Not extractable. */
export type DataKey = CryptoKey

/** Bytes as they lie in storage. */
export interface Sealed {
  iv: Uint8Array
  ciphertext: Uint8Array
}

/** Seals what is stored, and opens it again. `context` names what the bytes are, so that none can stand for another. */
export interface Vault {
  seal(bytes: Uint8Array, context: string): Promise<Sealed>
  open(sealed: Sealed, context: string): Promise<Uint8Array>
}

/** A document's row, and since when something in it waits for the server. */
export interface StoredDocument {
  row: DocumentRow
  waiting_since: Instant | null
}

/** Everything that the engine needs at its start; documents' chunks stay in storage. */
export interface Stored {
  meta: Meta | null
  documents: StoredDocument[]
  coverage: Coverage[]
  configuration: Configuration | null
  received_at: Instant | null
  clock: ClockNote | null
  drafts: Record<string, unknown>
  /** The latest calls that were carried out, oldest first. */
  done: Done[]
}

/** A call that was carried out, so that it is not carried out again. */
export interface Done {
  id: string
  saved: Saved
}

/**
 * Everything that waits, sealed for the server: whoever holds the phone cannot read it, and
 * the browser can send it while the phone is locked.
 */
export interface Envelope {
  envelope: Uint8Array
  /** Whether every own change that the server has not acknowledged is in it, refused ones too. */
  whole: boolean
  /** When the server, by this phone's clock, said that it holds all of it. */
  sent_at: Instant | null
}

/** Everything that goes to disk in one strict transaction. */
export interface Batch {
  writes: Writes
  /** The rows of `writes.documents`, with since when they wait. */
  documents: StoredDocument[]
  /** All rows of each place whose coverage changed. */
  coverage: [DocumentId, Coverage[]][]
  /** Set when a reply of the server is what is stored. */
  received_at: Instant | null
  waiting: Waiting
  /** Set when a worker's call is what is stored. */
  done: Done[] | null
  clock: ClockNote
}

/** Durable storage. Only the leader that claimed it last can write. */
export interface Store {
  /** Makes `leader` the only one that may write from now on. */
  claim(leader: string): Promise<void>
  load(): Promise<Stored>
  /** Reads a document's chunks, in order. */
  chunks(document: DocumentId): Promise<Uint8Array[]>
  /** Leaves what waits for whoever has a network first. The next write drops it. */
  leave(envelope: Envelope): Promise<void>
  /** Resolves when the batch is on disk. Rejects with `storage_full`, `storage_lost` or `no_leader`; then nothing of it is. */
  write(batch: Batch): Promise<void>
  writeConfiguration(configuration: Configuration): Promise<void>
  writeClock(clock: ClockNote): Promise<void>
  writeDraft(key: string, value: unknown): Promise<void>
  /** Deletes everything, and notes that and why it was done. */
  erase(reason: 'revoked' | 'asked'): Promise<void>
  close(): void
}

/** The server. Methods reject with a `Failure`. */
export interface Transport {
  /** Sends a sealed request; gives the reply's bytes. */
  sync(body: Uint8Array): Promise<Uint8Array>
  me(): Promise<Omit<Configuration, 'read_at'> & { role: Member['role'] }>
}

/** Seals a request for the server's `envelope_key`. */
export type SealRequest = (key: string, request: Uint8Array) => Promise<Uint8Array>

/** Signs with the device's key: 64 bytes r‖s. */
export interface Signer {
  sign(bytes: Uint8Array): Promise<Uint8Array>
}

/** The machine's clock, randomness and timers. */
export interface Environment {
  now(): Instant
  /** Milliseconds that have passed since some moment, whatever becomes of the clock. */
  counting(): number
  /** Draws lower-case hexadecimal digits, two a byte. */
  hex(bytes: number): string
  /** Draws a number in [0, 1). */
  random(): number
  /** Calls back once; gives how to stop it. */
  after(ms: number, call: () => void): () => void
  /** Calls back as soon as what is being answered has been sent. */
  soon(call: () => void): void
}
