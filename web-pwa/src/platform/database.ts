/** The layout of what is stored on the phone. */

import { openDB, type DBSchema, type IDBPDatabase } from 'idb'
import type { Identity, Sealed } from '$core/ports.ts'

/** Layout version; raise it with a migration in `upgrade`. */
const VERSION = 1
const NAME = 'lagesbild'

/** A piece of a document. Appended, never changed. */
export interface StoredChunk extends Sealed {
  document: string
  sequence: number
  kind: 'snapshot' | 'change'
}

export interface Layout extends DBSchema {
  /** Who this phone is: one row, `self`. */
  identity: { key: 'self'; value: Identity }
  /** Single values. `leader` and `erased` are plain text, the rest is sealed. */
  facts: { key: string; value: Sealed | string }
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
    },
    blocking(_current, _blocked, event) {
      // A newer version of the app wants to lay it out anew: do not stand in its way.
      ;(event.target as IDBDatabase).close()
      lost()
    },
    terminated: lost,
  })
}
