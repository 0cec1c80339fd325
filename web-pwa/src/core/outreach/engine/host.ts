/**
 * Keeps the replica and the storage in step: one call at a time, and nothing
 * is called done before it is on disk. When storing fails, the replica (which
 * has gone ahead) is thrown away and opened anew from what is stored.
 */

import type { ClockNote } from '../clock.ts'
import { asFailure, Failure, type FailureCode } from '../../shared/failure.ts'
import type { Coverage, DocumentId, Draw, Instant } from '../../shared/model.ts'
import type { Saved } from '../intents.ts'
import type { Waiting } from '../field-core.ts'
import type { Done, Envelope, Store, Stored, StoredDocument, Environment } from '../ports.ts'
import type { Command, CoreModule, DocumentRow, Meta, Replica, Writes } from '../wasm-types.ts'

/** Documents kept open in the replica; loading one again takes a millisecond or so. */
const MOST_LOADED = 400

/** The time to write into documents, and what is kept of the clock. */
interface Stamps extends Pick<Environment, 'now' | 'hex'> {
  clock(): ClockNote
}

/** Calls remembered as carried out: more than are ever in flight at once. */
const MOST_DONE = 40

/** The changes of a stored batch. */
export interface Changed {
  documents: StoredDocument[]
  removed: DocumentId[]
  coverage: [DocumentId, Coverage[]][]
  draw: Draw | null | undefined
}

/** The core's own codes, as the app names them. */
const CORE_CODES: Readonly<Record<string, FailureCode>> = {
  invalid: 'invalid',
  wrong_shape: 'invalid',
  no_such_value: 'gone',
  unknown_document: 'gone',
  newer_schema: 'schema_newer',
  bad_reply: 'reply_refused',
  // What the page should not have offered.
  not_allowed: 'forbidden',
  personal_number: 'invalid',
}

function isCoreFailure(
  error: unknown,
): error is { code: string; detail: string; document?: string } {
  return (
    typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string'
  )
}

/** Converts an error of the wasm core. */
export function coreFailure(error: unknown): Failure {
  if (error instanceof Failure) return error
  // A trap leaves the module's memory in an unknown state.
  if (error instanceof WebAssembly.RuntimeError || error instanceof RangeError) {
    return new Failure('core_crashed', error.message)
  }
  if (isCoreFailure(error)) {
    return new Failure(CORE_CODES[error.code] ?? 'unknown', `${error.code}: ${error.detail}`)
  }
  return asFailure(error)
}

function mergeWrites(all: Writes[]): Writes {
  const documents = new Map(all.flatMap((w) => w.documents).map((row) => [row.document, row]))
  return {
    documents: [...documents.values()],
    chunks: all.flatMap((w) => w.chunks),
    drop_chunks_before: all.flatMap((w) => w.drop_chunks_before),
    remove_documents: all.flatMap((w) => w.remove_documents),
    coverage: all.flatMap((w) => w.coverage),
    meta: all.reduce<Meta | null>((last, w) => w.meta ?? last, null),
  }
}

export class ReplicaHost {
  readonly documents = new Map<DocumentId, StoredDocument>()
  readonly coverage = new Map<DocumentId, Coverage[]>()
  draw: Draw | null = null

  #core: CoreModule
  #store: Store
  #environment: Stamps
  #device: string
  #replica: Replica | null = null
  /** Increases each time the replica is opened: what an earlier one prepared no longer holds. */
  #generation = 0
  /** Counts what was stored, to know whether an envelope still holds what waits. */
  #writes = 0
  /** Loaded documents, least recently used first. */
  #loaded = new Set<DocumentId>()
  /** The latest calls that were carried out. */
  #done: Done[] = []
  #last: Promise<unknown> = Promise.resolve()

  constructor(core: CoreModule, store: Store, environment: Stamps, device: string) {
    this.#core = core
    this.#store = store
    this.#environment = environment
    this.#device = device
  }

  get generation(): number {
    return this.#generation
  }

  get writes(): number {
    return this.#writes
  }

  /** Runs `action` after everything that was asked for before it. */
  #serially<T>(action: () => Promise<T>): Promise<T> {
    const result = this.#last.then(action, action)
    this.#last = result.catch(() => undefined)
    return result
  }

  /** Reads the storage and opens the replica on it. */
  open(): Promise<Stored> {
    return this.#serially(() => this.#reopen())
  }

  async #reopen(): Promise<Stored> {
    this.#replica?.free()
    this.#replica = null
    const stored = await this.#store.load()
    this.documents.clear()
    this.coverage.clear()
    this.#loaded.clear()
    for (const document of stored.documents) this.documents.set(document.row.document, document)
    for (const row of stored.coverage) {
      const rows = this.coverage.get(row.place)
      if (rows === undefined) this.coverage.set(row.place, [row])
      else rows.push(row)
    }
    this.draw = stored.meta?.draw ?? null
    this.#done = stored.done
    try {
      this.#replica = new this.#core.Replica(
        { device: this.#device, session: this.#environment.hex(8) },
        { meta: stored.meta, documents: stored.documents.map((d) => d.row) },
      )
    } catch (error) {
      throw coreFailure(error)
    }
    this.#generation += 1
    return stored
  }

  /**
   * Plans with a look at the documents, carries the commands out as one, and
   * resolves when they are on disk. A call that was carried out before, by this
   * engine or by one before it, is answered with what it saved then.
   */
  execute(
    id: string,
    plan: () => { commands: Command[]; saved: Saved },
  ): Promise<{ saved: Saved; changed: Changed | null }> {
    return this.#serially(async () => {
      const before = this.#done.find((done) => done.id === id)
      if (before !== undefined) return { saved: before.saved, changed: null }
      const planned = plan()
      const now = this.#environment.now()
      const replica = await this.#ready()
      const created = new Set<DocumentId>()
      for (const command of planned.commands) {
        if (command.type === 'create') created.add(command.document)
        else if (!created.has(command.document)) await this.#load(replica, command.document)
      }
      const writes: Writes[] = []
      try {
        for (const command of planned.commands) {
          writes.push(replica.execute(command, now))
          this.#touch(command.document)
        }
      } catch (error) {
        const failure = coreFailure(error)
        // Some of the commands are in the replica and none is stored.
        if (writes.length > 0 && failure.code !== 'core_crashed') await this.#reopen()
        throw failure
      }
      const done = [...this.#done, { id, saved: planned.saved }].slice(-MOST_DONE)
      const changed = await this.#persist(mergeWrites(writes), null, done)
      this.#done = done
      return { saved: planned.saved, changed }
    })
  }

  /** Prepares a request, and what to sign of it. */
  request(): Promise<{ payload: Uint8Array; toSign: Uint8Array; generation: number }> {
    return this.#compose((replica, now) => {
      const payload = replica.request(now)
      return { payload, toSign: replica.signed_bytes(payload), generation: this.#generation }
    })
  }

  /** Makes a request for the outbox, and says whether all that waits is in it and how often was written before. */
  requestToLeave(): Promise<{
    payload: Uint8Array
    toSign: Uint8Array
    whole: boolean
    writes: number
  }> {
    return this.#compose((replica, now) => {
      const { payload, whole } = replica.request_to_leave(now)
      return { payload, toSign: replica.signed_bytes(payload), whole, writes: this.#writes }
    })
  }

  /** Asks the replica for a request, with all that goes into it loaded. */
  async #compose<T>(ask: (replica: Replica, now: Instant) => T): Promise<T> {
    await this.#loadOneByOne((replica) => replica.documents_to_send())
    return this.#serially(async () => {
      const replica = await this.#ready()
      try {
        for (const document of replica.documents_to_send()) await this.#load(replica, document)
        return ask(replica, this.#environment.now())
      } catch (error) {
        throw coreFailure(error)
      }
    })
  }

  /** Resolves when everything that was asked for before is done. */
  settled(): Promise<void> {
    return this.#serially(async () => undefined)
  }

  /** Leaves an envelope, unless something was written since; whether it did. */
  leave(envelope: Envelope, writes: number): Promise<boolean> {
    return this.#serially(async () => {
      if (writes !== this.#writes) return false
      await this.#store.leave(envelope)
      return true
    })
  }

  seal(payload: Uint8Array, signature: Uint8Array): Promise<Uint8Array> {
    return this.#serially(async () => {
      const replica = await this.#ready()
      try {
        return replica.seal(payload, signature)
      } catch (error) {
        throw coreFailure(error)
      }
    })
  }

  /** Takes in a reply; resolves when what it brought is on disk. */
  async receive(
    reply: Uint8Array,
    generation: number,
    receivedAt: Instant,
  ): Promise<{ changed: Changed; more: boolean; serverTime: Instant | null }> {
    // A reply that cannot be read is met again, and told of, below.
    await this.#loadOneByOne((replica) => replica.documents_to_receive(reply)).catch(
      () => undefined,
    )
    return this.#serially(async () => {
      const replica = await this.#ready()
      // The replica that made the request is gone. Nothing is lost: what the
      // server took is offered again and recognised.
      if (generation !== this.#generation) throw new Failure('not_ready', 'the core was reopened')
      let received
      try {
        for (const document of replica.documents_to_receive(reply)) {
          if (this.documents.has(document)) await this.#load(replica, document)
        }
        received = replica.receive(reply, this.#environment.now())
      } catch (error) {
        const failure = coreFailure(error)
        if (failure.code === 'core_crashed') throw failure
        await this.#reopen()
        throw failure.code === 'unknown' ? new Failure('reply_refused', failure.detail) : failure
      }
      const changed = await this.#persist(received.writes, receivedAt, null)
      // An exchange that moved nothing would be repeated as it was.
      const moved =
        received.accepted > 0 ||
        received.changed.length > 0 ||
        received.purged.length > 0 ||
        changed.coverage.length > 0 ||
        received.epoch_changed
      const serverTime = received.clock_doubted === true ? null : received.server_time
      return { changed, more: received.more && moved, serverTime }
    })
  }

  close(): Promise<void> {
    return this.#serially(async () => {
      this.#replica?.free()
      this.#replica = null
      this.#store.close()
    })
  }

  async #ready(): Promise<Replica> {
    if (this.#replica === null) await this.#reopen()
    if (this.#replica === null) throw new Failure('not_ready', 'no replica')
    return this.#replica
  }

  async #load(replica: Replica, document: DocumentId): Promise<void> {
    this.#touch(document)
    if (replica.loaded(document)) return
    const chunks = await this.#store.chunks(document)
    try {
      replica.load(document, chunks)
    } catch (error) {
      throw coreFailure(error)
    }
  }

  /**
   * Loads documents each by itself, so that somebody who saves meanwhile does
   * not wait for all of them. Whatever is unloaded again until it is needed is
   * loaded then.
   */
  async #loadOneByOne(which: (replica: Replica) => DocumentId[]): Promise<void> {
    const documents = await this.#serially(async () => {
      try {
        return which(await this.#ready())
      } catch (error) {
        throw coreFailure(error)
      }
    })
    for (const document of documents) {
      if (!this.documents.has(document)) continue
      // oxlint-disable-next-line no-await-in-loop -- one after the other is the point
      await this.#serially(async () => this.#load(await this.#ready(), document))
    }
  }

  #touch(document: DocumentId): void {
    this.#loaded.delete(document)
    this.#loaded.add(document)
  }

  async #persist(
    writes: Writes,
    receivedAt: Instant | null,
    done: Done[] | null,
  ): Promise<Changed> {
    this.#writes += 1
    const documents = writes.documents.map((row) => this.#stored(row))
    const coverage = this.#mergedCoverage(writes.coverage)
    try {
      const waiting = this.#waiting(documents, new Set(writes.remove_documents))
      await this.#store.write({
        writes,
        documents,
        coverage,
        received_at: receivedAt,
        waiting,
        done,
        clock: this.#environment.clock(),
      })
    } catch (error) {
      // The replica is ahead of the storage now.
      this.#replica?.free()
      this.#replica = null
      throw asFailure(error, 'storage_lost')
    }
    for (const document of documents) this.documents.set(document.row.document, document)
    for (const document of writes.remove_documents) {
      this.documents.delete(document)
      this.#loaded.delete(document)
    }
    for (const [place, rows] of coverage) {
      if (rows.length === 0) this.coverage.delete(place)
      else this.coverage.set(place, rows)
    }
    const draw = writes.meta === null ? undefined : writes.meta.draw
    if (draw !== undefined) this.draw = draw
    this.#trim()
    return { documents, removed: writes.remove_documents, coverage, draw }
  }

  /** Counts what the server has not got once `changed` is stored and `removed` is gone; also what it refused. */
  #waiting(changed: StoredDocument[], removed: ReadonlySet<DocumentId>): Waiting {
    const waiting: Waiting = { documents: 0, since: null }
    const add = ({ row, waiting_since: since }: StoredDocument): void => {
      if (row.unsent === 0 || removed.has(row.document)) return
      waiting.documents += 1
      if (since !== null) waiting.since = Math.min(waiting.since ?? since, since)
    }
    const anew = new Set(changed.map(({ row }) => row.document))
    for (const document of changed) add(document)
    for (const [id, document] of this.documents) if (!anew.has(id)) add(document)
    return waiting
  }

  #stored(row: DocumentRow): StoredDocument {
    const before = this.documents.get(row.document)?.waiting_since ?? null
    return { row, waiting_since: row.unsent === 0 ? null : (before ?? this.#environment.now()) }
  }

  #mergedCoverage(rows: Coverage[]): [DocumentId, Coverage[]][] {
    const places = new Map<DocumentId, Coverage[]>()
    for (const row of rows) {
      const present = places.get(row.place) ?? this.coverage.get(row.place) ?? []
      const others = present.filter(
        (r) => r.night !== row.night || r.organisation !== row.organisation,
      )
      places.set(row.place, row.present ? [...others, row] : others)
    }
    return [...places]
  }

  #trim(): void {
    const replica = this.#replica
    if (replica === null) return
    for (const document of this.#loaded) {
      if (this.#loaded.size <= MOST_LOADED) return
      replica.unload(document)
      this.#loaded.delete(document)
    }
  }
}
