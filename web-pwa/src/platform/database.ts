/** The layout of what is stored on the phone. */

import { openDB, type DBSchema, type IDBPDatabase } from 'idb'
import { asFailure } from '$core/shared/failure.ts'
import type { Attempts } from '$core/shared/backoff.ts'
import type { Instant } from '$core/shared/model.ts'
import type { Envelope, Sealed } from '$core/outreach/ports.ts'
import type { Identity } from '$core/shared/member.ts'
import type { Kdf } from './lock/kdf-messages.ts'
import type { Passkey } from './lock/passkey.ts'

/** Layout version; raise it with a migration in `upgrade`. */
const VERSION = 2
const NAME = 'lagesbild'

/** A piece of a document. Appended, never changed. */
export interface StoredChunk extends Sealed {
  document: string
  sequence: number
  kind: 'snapshot' | 'change'
}

/** Who this phone is, sealed. */
export interface SealedIdentity {
  sealed: Sealed
  /** The private key of a phone that was enrolled when keys could not be taken out to be sealed. */
  key: CryptoKey | null
}

/** Keys of an enrolment whose answer has not come; `code` is a hash. */
export interface PendingKeys {
  code: string
  keys: CryptoKeyPair
}

/** The lock: the data key, wrapped. */
export interface LockRow extends Attempts {
  made_at: Instant
  passphrase: { kdf: Kdf; wrapped: Sealed }
  passkey: (Passkey & { wrapped: Sealed }) | null
}

export type Fact = Sealed | Envelope | string

/** The fact that is sealed for the server. */
export const ENVELOPE = 'envelope'

export const isSealed = (value: Fact | undefined): value is Sealed =>
  typeof value === 'object' && 'ciphertext' in value

export interface Layout extends DBSchema {
  /** Who this phone is: one row, `self`; while it is enrolling, `pending`. */
  identity: { key: string; value: Identity | SealedIdentity | PendingKeys }
  /** One row, `self`, once the phone has a lock. */
  lock: { key: string; value: LockRow }
  /**
   * Single values. Plain text are `leader`, `erased`, and what a locked phone
   * must be able to say: `waiting` (how much the server has not got) and
   * `numbers` (whom to call). `envelope` is sealed for the server; at a desk,
   * `team-key/…` by a passphrase of its own. The rest is sealed for whoever
   * opens the phone.
   */
  facts: { key: string; value: Fact }
  /** A row a document: its view, and what the replica keeps about it. */
  documents: { key: string; value: Sealed & { document: string } }
  chunks: { key: [string, number]; value: StoredChunk }
  /** A row a place: what others did there. */
  coverage: { key: string; value: Sealed & { place: string } }
  drafts: { key: string; value: Sealed & { key: string } }
}

export type Database = IDBPDatabase<Layout>

/** Every store that holds something of the field. */
export const CONTENT_STORES = ['facts', 'documents', 'chunks', 'coverage', 'drafts'] as const

/** Opens the database, laying it out the first time. `lost` is called when the browser closes it under us. */
export function openDatabase(lost: () => void): Promise<Database> {
  return openDB<Layout>(NAME, VERSION, {
    upgrade(database, from) {
      if (from < 1) {
        database.createObjectStore('identity')
        database.createObjectStore('facts')
        database.createObjectStore('documents', { keyPath: 'document' })
        database.createObjectStore('chunks', { keyPath: ['document', 'sequence'] })
        database.createObjectStore('coverage', { keyPath: 'place' })
        database.createObjectStore('drafts', { keyPath: 'key' })
      }
      if (from < 2) database.createObjectStore('lock')
    },
    blocking(_current, _blocked, event) {
      // A newer version of the app wants to lay it out anew: do not stand in its way.
      ;(event.target as IDBDatabase).close()
      lost()
    },
    terminated: lost,
  })
}

/** Runs `action` on a connection of its own. */
export async function withDatabase<T>(action: (database: Database) => Promise<T>): Promise<T> {
  let database: Database | null = null
  try {
    database = await openDatabase(() => undefined)
    return await action(database)
  } catch (error) {
    throw asFailure(error, 'storage_lost')
  } finally {
    database?.close()
  }
}
