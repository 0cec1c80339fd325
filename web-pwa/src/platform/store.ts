/** Durable storage in IndexedDB, behind the vault. */

import type { ClockNote } from '$core/outreach/clock.ts'
import { Failure } from '$core/shared/failure.ts'
import type { Configuration } from '$core/shared/member.ts'
import type { Coverage, DocumentId } from '$core/shared/model.ts'
import type {
  Batch,
  Done,
  Envelope,
  Sealed,
  Store,
  Stored,
  StoredDocument,
  Vault,
} from '$core/outreach/ports.ts'
import type { Meta } from '$core/outreach/wasm-types.ts'
import { chunkContext, rowContext } from './associated-data.ts'
import { ENVELOPE, isSealed, openDatabase, type Database, type Fact } from './database.ts'
import { eraseAll } from './erase.ts'

const utf8 = new TextEncoder()
const fromUtf8 = new TextDecoder()

/** Returns whether an error says that the browser has no more room. */
function isFull(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'QuotaExceededError'
}

/** Returns whether an error says that the connection to the database is gone; opening it again helps. */
function isLost(error: unknown): boolean {
  return (
    error instanceof DOMException &&
    ['InvalidStateError', 'UnknownError', 'AbortError'].includes(error.name)
  )
}

function storageFailure(error: unknown): Failure {
  if (error instanceof Failure) return error
  if (isFull(error)) return new Failure('storage_full')
  const detail = error instanceof Error ? `${error.name}: ${error.message}` : ''
  return new Failure('storage_lost', detail)
}

export class IndexedDbStore implements Store {
  #vault: Vault
  #database: Promise<Database> | null = null
  #leader = ''

  constructor(vault: Vault) {
    this.#vault = vault
  }

  #open(): Promise<Database> {
    const opening = (this.#database ??= openDatabase(() => {
      this.#database = null
    }))
    opening.catch(() => {
      this.#database = null
    })
    return opening
  }

  /** Runs `action`, once more on a new connection when the old one was lost. */
  async #with<T>(action: (database: Database, again: boolean) => Promise<T>): Promise<T> {
    try {
      return await action(await this.#open(), false)
    } catch (error) {
      if (!isLost(error)) throw storageFailure(error)
      this.close()
    }
    try {
      return await action(await this.#open(), true)
    } catch (error) {
      throw storageFailure(error)
    }
  }

  claim(leader: string): Promise<void> {
    this.#leader = leader
    return this.#with(async (database) => {
      const transaction = database.transaction('facts', 'readwrite', { durability: 'strict' })
      await Promise.all([transaction.store.put(leader, 'leader'), transaction.done])
    })
  }

  load(): Promise<Stored> {
    return this.#with(async (database) => {
      const transaction = database.transaction(['facts', 'documents', 'coverage', 'drafts'])
      const facts = transaction.objectStore('facts')
      // All reads in one transaction, opened after it: opening is asynchronous
      // and would let the transaction end.
      const [meta, configuration, receivedAt, done, clock, documents, coverage, drafts] =
        await Promise.all([
          facts.get('meta'),
          facts.get('configuration'),
          facts.get('received_at'),
          facts.get('done'),
          facts.get('clock'),
          transaction.objectStore('documents').getAll(),
          transaction.objectStore('coverage').getAll(),
          transaction.objectStore('drafts').getAll(),
        ])
      const openedDrafts = await Promise.all(
        drafts.map(
          async (d) => [d.key, await this.#json<unknown>(d, rowContext.draft(d))] as const,
        ),
      )
      return {
        meta: await this.#fact<Meta>(meta, 'meta'),
        configuration: await this.#fact<Configuration>(configuration, 'configuration'),
        clock: typeof clock === 'string' ? (JSON.parse(clock) as ClockNote) : null,
        received_at: await this.#fact<number>(receivedAt, 'received_at'),
        documents: await Promise.all(
          documents.map((d) => this.#json<StoredDocument>(d, rowContext.document(d))),
        ),
        coverage: (
          await Promise.all(coverage.map((c) => this.#json<Coverage[]>(c, rowContext.coverage(c))))
        ).flat(),
        drafts: Object.fromEntries(openedDrafts),
        done: (await this.#fact<Done[]>(done, 'done')) ?? [],
      }
    })
  }

  async chunks(document: DocumentId): Promise<Uint8Array[]> {
    const chunks = await this.#with((database) =>
      database.getAll('chunks', IDBKeyRange.bound([document, 0], [document, Infinity])),
    )
    return Promise.all(chunks.map((chunk) => this.#vault.open(chunk, chunkContext(chunk))))
  }

  async write(batch: Batch): Promise<void> {
    const { writes } = batch
    // Sealing is asynchronous and a transaction ends while it waits, so
    // everything is sealed first.
    const [documents, chunks, coverage, meta, receivedAt, done] = await Promise.all([
      Promise.all(
        batch.documents.map(async (document) => ({
          document: document.row.document,
          ...(await this.#seal(document, rowContext.document(document.row))),
        })),
      ),
      Promise.all(
        writes.chunks.map(async ({ bytes, ...chunk }) => ({
          ...chunk,
          ...(await this.#vault.seal(bytes, chunkContext(chunk))),
        })),
      ),
      Promise.all(
        batch.coverage.map(async ([place, rows]) => ({
          place,
          rows,
          sealed: await this.#seal(rows, rowContext.coverage({ place })),
        })),
      ),
      writes.meta === null ? null : this.#seal(writes.meta, 'meta'),
      batch.received_at === null ? null : this.#seal(batch.received_at, 'received_at'),
      batch.done === null ? null : this.#seal(batch.done, 'done'),
    ])
    return this.#with(async (database, again) => {
      const transaction = database.transaction(
        ['facts', 'documents', 'chunks', 'coverage'],
        'readwrite',
        { durability: 'strict' },
      )
      const facts = transaction.objectStore('facts')
      const chunkStore = transaction.objectStore('chunks')
      const documentStore = transaction.objectStore('documents')
      const coverageStore = transaction.objectStore('coverage')
      await this.#stillLeads(transaction)
      const requests: Promise<unknown>[] = []
      try {
        // In this order: a compaction drops what lies before its snapshot, and a
        // document that is removed leaves nothing.
        for (const chunk of chunks) {
          // A sequence is used once. Only the second attempt may find its own
          // chunk there, from a first one whose connection broke after it was
          // committed.
          requests.push(again ? chunkStore.put(chunk) : chunkStore.add(chunk))
        }
        for (const document of documents) requests.push(documentStore.put(document))
        for (const { document, sequence } of writes.drop_chunks_before) {
          requests.push(
            chunkStore.delete(IDBKeyRange.bound([document, 0], [document, sequence], false, true)),
          )
        }
        for (const document of writes.remove_documents) {
          requests.push(
            documentStore.delete(document),
            chunkStore.delete(IDBKeyRange.bound([document, 0], [document, Infinity])),
          )
        }
        for (const { place, rows, sealed } of coverage) {
          requests.push(
            rows.length === 0
              ? coverageStore.delete(place)
              : coverageStore.put({ place, ...sealed }),
          )
        }
        if (meta !== null) requests.push(facts.put(meta, 'meta'))
        if (receivedAt !== null) requests.push(facts.put(receivedAt, 'received_at'))
        if (done !== null) requests.push(facts.put(done, 'done'))
        requests.push(facts.put(JSON.stringify(batch.waiting), 'waiting'))
        requests.push(facts.put(JSON.stringify(batch.clock), 'clock'))
        // It no longer holds what waits.
        requests.push(facts.delete(ENVELOPE))
      } catch (error) {
        // A request that is refused at once would leave the others to be stored without it.
        transaction.abort()
        await Promise.allSettled(requests)
        throw error
      }
      await Promise.all([...requests, transaction.done])
    })
  }

  leave(envelope: Envelope): Promise<void> {
    return this.#with(async (database) => {
      const transaction = database.transaction('facts', 'readwrite', { durability: 'strict' })
      await this.#stillLeads(transaction)
      await Promise.all([transaction.store.put(envelope, ENVELOPE), transaction.done])
    })
  }

  async writeConfiguration(configuration: Configuration): Promise<void> {
    const sealed = await this.#seal(configuration, 'configuration')
    const numbers = JSON.stringify(configuration.numbers)
    await this.#with(async (database) => {
      const transaction = database.transaction('facts', 'readwrite')
      await this.#stillLeads(transaction)
      await Promise.all([
        transaction.store.put(sealed, 'configuration'),
        // Whom to call is no secret, and must be there while the phone is locked.
        transaction.store.put(numbers, 'numbers'),
        transaction.done,
      ])
    })
  }

  writeClock(clock: ClockNote): Promise<void> {
    return this.#with(async (database) => {
      const transaction = database.transaction('facts', 'readwrite')
      await this.#stillLeads(transaction)
      await Promise.all([transaction.store.put(JSON.stringify(clock), 'clock'), transaction.done])
    })
  }

  async writeDraft(key: string, value: unknown): Promise<void> {
    const sealed = value === null ? null : await this.#seal(value, rowContext.draft({ key }))
    await this.#with(async (database) => {
      const transaction = database.transaction(['facts', 'drafts'], 'readwrite')
      await this.#stillLeads(transaction)
      const drafts = transaction.objectStore('drafts')
      await Promise.all([
        sealed === null ? drafts.delete(key) : drafts.put({ key, ...sealed }),
        transaction.done,
      ])
    })
  }

  erase(reason: 'revoked' | 'asked'): Promise<void> {
    return this.#with((database) => eraseAll(database, reason))
  }

  close(): void {
    const opening = this.#database
    this.#database = null
    void opening?.then(
      (database) => database.close(),
      () => undefined,
    )
  }

  /** Rejects, and ends the transaction, when another engine has claimed the storage or a lock was set. */
  async #stillLeads(transaction: {
    objectStore(name: 'facts'): { get(key: string): Promise<unknown> }
    abort(): void
    done: Promise<void>
  }): Promise<void> {
    // A failed request rejects `done` as well; whoever waits for it hears of it once.
    transaction.done.catch(() => undefined)
    if ((await transaction.objectStore('facts').get('leader')) === this.#leader) return
    transaction.abort()
    throw new Failure('no_leader', 'another tab writes')
  }

  #seal(value: unknown, context: string): Promise<Sealed> {
    return this.#vault.seal(utf8.encode(JSON.stringify(value)), context)
  }

  async #json<T>(sealed: Sealed, context: string): Promise<T> {
    return JSON.parse(fromUtf8.decode(await this.#vault.open(sealed, context))) as T
  }

  async #fact<T>(value: Fact | undefined, name: string): Promise<T | null> {
    return isSealed(value) ? this.#json<T>(value, name) : null
  }
}
