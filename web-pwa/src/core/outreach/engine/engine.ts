/**
 * The engine: holds the documents, carries out what workers say, exchanges
 * with the server, and tells the pages. Runs in a worker; knows neither.
 */

import { Clock } from '../clock.ts'
import { asFailure, settle, type Result, Failure, type FailureCode } from '../../shared/failure.ts'
import type { Configuration, Identity } from '../../shared/member.ts'
import type { Intent, Saved } from '../intents.ts'
import type { SyncState } from '../field-core.ts'
import type { Coverage, DocumentId, Instant, Visit } from '../../shared/model.ts'
import { plan, type UndoCommands } from '../plan.ts'
import type { Surroundings } from '../planning.ts'
import type {
  SealRequest,
  Signer,
  Store,
  StoredDocument,
  Transport,
  Environment,
} from '../ports.ts'
import { makeDocumentId } from '../record.ts'
import { firstSchedule, step, type Schedule, type ScheduleEvent } from '../sync/schedule.ts'
import { RetryAfter } from '../../shared/retry-after.ts'
import { readOffers } from '../offers.ts'
import type { CoreModule } from '../wasm-types.ts'
import type {
  EngineApi,
  EngineChange,
  EngineDocument,
  EngineEvent,
  EngineState,
  Notice,
} from './api.ts'
import { ReplicaHost, type Changed } from './host.ts'
import { OutboxSealer } from './outbox-sealer.ts'

/** How often the configuration is read again. */
const CONFIGURATION_MS = 900_000
/** The server was not there. One that is there and busy is left alone. */
const NO_ANSWER: ReadonlySet<FailureCode> = new Set(['offline', 'unreachable'])

export interface EngineParts {
  core: CoreModule
  store: Store
  transport: Transport
  signer: Signer
  seal: SealRequest
  environment: Environment
  identity: Pick<Identity, 'device' | 'organisation'>
  tell(event: EngineEvent): void
  /** When this program was built: no time before that can be. */
  built: Instant
}

/** Codes that put off and do not refuse: what waits is offered again (`sync_core::protocol::is_later`). */
const LATER: ReadonlySet<string> = new Set(['later', 'quota', 'disk_reserve'])

function seen(stored: StoredDocument): EngineDocument {
  const { row, waiting_since } = stored
  const later = row.rejected !== null && LATER.has(row.rejected.code) ? row.rejected.code : null
  return {
    view: row.view,
    own: row.own ?? true,
    unsent: row.unsent,
    waiting_since,
    rejected: later === null ? row.rejected : null,
    later,
  }
}

export class Engine implements EngineApi {
  #parts: EngineParts
  #host: ReplicaHost
  #id: string
  #serial = 0
  #configuration: Configuration | null = null
  #receivedAt: number | null = null
  #problem: SyncState['problem'] = null
  #clock: Clock
  #drafts: Record<string, unknown> = {}
  #visits = new Map<DocumentId, Set<DocumentId>>()
  #schedule: Schedule = firstSchedule(true, true, 0)
  #stopTimer: (() => void) | null = null
  #exchange: Promise<void> | null = null
  #sealer: OutboxSealer
  /** Events that wait for an answer to go first. */
  #held: EngineEvent[] | null = null

  constructor(parts: EngineParts) {
    this.#parts = parts
    this.#id = parts.environment.hex(8)
    this.#clock = new Clock(parts.environment, null, parts.built)
    this.#host = new ReplicaHost(
      parts.core,
      parts.store,
      // Documents get the time as it is, whatever the phone's clock says.
      { now: () => this.#clock.now(), hex: parts.environment.hex, clock: () => this.#clock.note },
      parts.identity.device,
    )
    this.#sealer = new OutboxSealer(this.#host, parts, {
      key: () => this.#configuration?.envelope_key ?? null,
      waits: () => !this.#schedule.stopped && this.#sync().waiting > 0,
      left: () => this.#tell({ type: 'left' }),
      failed: async (failure) => {
        // Any other failure is met, and told of, by the next exchange.
        if (['core_crashed', 'no_leader'].includes(failure.code)) await this.#afterFailure(failure)
      },
    })
  }

  /** Claims the storage, reads it, and begins to exchange. `ready` is called before anybody is told. */
  async start(
    options: { crashes: number; online: boolean; visible: boolean },
    ready: () => void = () => undefined,
  ): Promise<void> {
    await this.#parts.store.claim(this.#id)
    await this.#read()
    this.#schedule = firstSchedule(options.online, options.visible, options.crashes)
    ready()
    this.#tell({ type: 'started' })
    this.#step({ type: 'opened' })
  }

  async #read(): Promise<void> {
    const stored = await this.#host.open()
    this.#clock = new Clock(this.#parts.environment, stored.clock, this.#parts.built)
    this.#configuration = stored.configuration
    this.#receivedAt = stored.received_at
    this.#drafts = stored.drafts
    this.#indexAll()
  }

  state(): Promise<Result<EngineState>> {
    return settle(async () => ({
      engine: this.#id,
      serial: this.#serial,
      documents: [...this.#host.documents.values()].map(seen),
      coverage: [...this.#host.coverage.values()].flat(),
      draw: this.#host.draw,
      configuration: this.#configuration,
      sync: this.#sync(),
      authority: readOffers(this.#parts.core.authority()),
      drafts: this.#drafts,
    }))
  }

  dispatch(intent: Intent, id: string): Promise<Result<{ saved: Saved; serial: number }>> {
    return settle(async () => {
      try {
        const { saved, changed } = await this.#host.execute(id, () => {
          const planned = plan(intent, this.#surroundings())
          const undo: UndoCommands | null =
            planned.undo.length === 0
              ? null
              : { id: this.#parts.environment.hex(8), commands: planned.undo }
          const at = this.#clock.now()
          return { commands: planned.commands, saved: { ...planned.saved, undo, at } }
        })
        // The answer first: whoever saved is told before every page is drawn anew.
        this.#holdBack()
        if (changed !== null) this.#apply(changed)
        const serial = this.#serial
        this.#step({ type: 'saved' })
        if (this.#problem !== null && NO_ANSWER.has(this.#problem.code)) this.#sealer.soon()
        return { saved, serial }
      } catch (error) {
        throw await this.#afterFailure(asFailure(error))
      }
    })
  }

  syncNow(): Promise<Result<null>> {
    return settle(async () => {
      this.#step({ type: 'asked' })
      await this.#begin()
      return null
    })
  }

  notice(notice: Notice): Promise<Result<null>> {
    return settle(async () => {
      this.#step({ type: notice })
      this.#tellSync()
      // Soon it may be locked, or put to sleep.
      if (notice === 'hidden') await this.#sealer.now()
      return null
    })
  }

  setDraft(key: string, value: unknown): Promise<Result<null>> {
    return settle(async () => {
      if (value === null) delete this.#drafts[key]
      else this.#drafts[key] = value
      await this.#parts.store.writeDraft(key, value)
      this.#tell({ type: 'draft', key, value })
      return null
    })
  }

  erase(evenUnsent: boolean): Promise<Result<null>> {
    return settle(async () => {
      if (!evenUnsent && this.#sync().waiting > 0) {
        throw new Failure('not_ready', 'things wait for the server')
      }
      await this.#erase('asked')
      return null
    })
  }

  /** Stops without leaving anything half done. */
  async close(): Promise<void> {
    this.#step({ type: 'stop' })
    await this.#host.close()
  }

  // Everything that planning may look at.

  #surroundings(): Surroundings {
    const { environment, identity } = this.#parts
    const documents = this.#host.documents
    const visits = this.#visits
    const drawn = new Set(this.#host.draw?.places)
    const now = this.#clock.now()
    return {
      device: identity.device,
      now,
      documentId: () => makeDocumentId({ now: () => now, hex: environment.hex }),
      recordId: () => environment.hex(8),
      content: (document) => documents.get(document)?.row.view ?? null,
      isDrawn: (place) => drawn.has(place),
      *visitsAt(place): Generator<[DocumentId, Visit]> {
        for (const id of visits.get(place) ?? []) {
          const view = documents.get(id)?.row.view
          if (view?.kind === 'visit') yield [id, view.content]
        }
      },
    }
  }

  #indexAll(): void {
    this.#visits.clear()
    for (const { row } of this.#host.documents.values()) this.#index(row.view)
  }

  #index(view: StoredDocument['row']['view']): void {
    if (view.kind !== 'visit') return
    const ids = this.#visits.get(view.content.place) ?? new Set()
    ids.add(view.document)
    this.#visits.set(view.content.place, ids)
  }

  #apply(changed: Changed): void {
    for (const { row } of changed.documents) this.#index(row.view)
    const { documents, removed, coverage } = changed
    if (documents.length + removed.length + coverage.length > 0 || changed.draw !== undefined) {
      this.#tell({
        type: 'data',
        documents: documents.map(seen),
        removed,
        coverage: coverage as [DocumentId, Coverage[]][],
        draw: this.#host.draw,
      })
    }
    this.#tellSync()
  }

  // Exchanges with the server.

  #step(event: ScheduleEvent): void {
    const { environment } = this.#parts
    this.#schedule = step(this.#schedule, event, environment.now(), environment.random())
    this.#arm()
  }

  #arm(): void {
    const { environment } = this.#parts
    this.#stopTimer?.()
    this.#stopTimer = null
    const { next_at, busy } = this.#schedule
    if (next_at === null || busy) return
    // Browsers cannot count very far; a timer that comes early only looks again.
    const ms = Math.min(Math.max(next_at - environment.now(), 0), 3_600_000)
    this.#stopTimer = environment.after(ms, () => {
      if (next_at > environment.now()) this.#arm()
      else void this.#begin()
    })
  }

  #begin(): Promise<void> {
    if (this.#schedule.stopped) return Promise.resolve()
    this.#exchange ??= this.#run().finally(() => {
      this.#exchange = null
    })
    return this.#exchange
  }

  async #run(): Promise<void> {
    this.#step({ type: 'began' })
    this.#tellSync()
    try {
      const more = await this.#once()
      this.#problem = null
      this.#step({ type: 'ended', more })
      // What is left may be all that a browser that puts the page to sleep can send.
      if (!this.#schedule.visible) void this.#sealer.now()
    } catch (error) {
      const retry_after_ms = error instanceof RetryAfter ? error.ms : null
      const failure = asFailure(error)
      this.#noteProblem(failure)
      this.#step({ type: 'failed', code: failure.code, retry_after_ms })
      await this.#afterFailure(failure)
      if (NO_ANSWER.has(failure.code)) this.#sealer.soon()
    }
    this.#tellSync()
  }

  /** Makes one round trip; returns whether there is more to exchange. */
  async #once(): Promise<boolean> {
    const { signer, transport, environment } = this.#parts
    const { payload, toSign, generation } = await this.#host.request()
    const body = await this.#host.seal(payload, await signer.sign(toSign))
    const left = this.#clock.counted()
    const reply = await transport.sync(body)
    const heard = this.#clock.counted()
    const at = environment.now()
    const { changed, more, serverTime } = await this.#host.receive(reply, generation, at)
    this.#receivedAt = at
    // A server that doubts its own clock says nothing of the phone's.
    if (serverTime === null) this.#clock.reached()
    else this.#clock.heard(serverTime, left, heard)
    await this.#parts.store.writeClock(this.#clock.note)
    this.#apply(changed)
    if (!more) await this.#readConfiguration()
    return more
  }

  async #readConfiguration(): Promise<void> {
    const { store, transport, environment } = this.#parts
    const age = environment.now() - (this.#configuration?.read_at ?? 0)
    if (age >= 0 && age < CONFIGURATION_MS) return
    const { role: _, ...me } = await transport.me()
    this.#configuration = { ...me, read_at: environment.now() }
    await store.writeConfiguration(this.#configuration)
    this.#tell({ type: 'configuration', configuration: this.#configuration })
  }

  #noteProblem(failure: Failure): void {
    const since = this.#problem?.code === failure.code ? this.#problem.since : null
    this.#problem = { code: failure.code, since: since ?? this.#parts.environment.now() }
  }

  /** Decides how the engine goes on after a failure. */
  async #afterFailure(failure: Failure): Promise<Failure> {
    switch (failure.code) {
      case 'device_revoked':
        await this.#erase('revoked')
        break
      case 'core_crashed':
      case 'no_leader':
      case 'schema_newer':
        this.#step({ type: 'stop' })
        this.#tell({ type: 'broken', code: failure.code, detail: failure.detail })
        break
      case 'storage_full':
      case 'storage_lost':
        // The host reads the storage again before its next call; the pages may
        // have to as well.
        try {
          await this.#read()
          this.#tell({ type: 'started' })
        } catch (error) {
          const { code, detail } = asFailure(error, 'storage_lost')
          this.#step({ type: 'stop' })
          this.#tell({ type: 'broken', code, detail })
        }
        break
      default:
    }
    return failure
  }

  async #erase(reason: 'revoked' | 'asked'): Promise<void> {
    this.#step({ type: 'stop' })
    await this.#parts.store.erase(reason)
    this.#tell({ type: 'erased', reason })
  }

  // News to the pages.

  #sync(): SyncState {
    const clock = this.#clock.state
    let waiting = 0
    let waiting_since: number | null = null
    const rejected: SyncState['rejected'] = []
    let later: string | null = null
    for (const { row, waiting_since: since } of this.#host.documents.values()) {
      if (row.rejected !== null && !LATER.has(row.rejected.code)) {
        rejected.push({ document: row.document, ...row.rejected })
      } else if (row.unsent > 0) {
        later = row.rejected?.code ?? later
        waiting += 1
        if (since !== null) waiting_since = Math.min(waiting_since ?? since, since)
      }
    }
    const by_clock = this.#receivedAt
    // What an older version stored has it by the phone's own clock only.
    const received_at = by_clock === null ? null : (clock.heard ?? by_clock - clock.error)
    return {
      online: this.#schedule.online,
      busy: this.#schedule.busy,
      waiting,
      waiting_since,
      received_at,
      heard_at: clock.guessed || received_at === null ? by_clock : received_at + clock.error,
      problem: this.#problem,
      clock_error: clock.error,
      clock_guessed: clock.guessed,
      clock_doubted: clock.doubted,
      next_at: this.#schedule.next_at,
      later,
      rejected,
    }
  }

  #tellSync(): void {
    this.#tell({ type: 'sync', sync: this.#sync() })
  }

  #tell(change: EngineChange): void {
    this.#serial += 1
    const event = { engine: this.#id, serial: this.#serial, change }
    if (this.#held === null) this.#parts.tell(event)
    else this.#held.push(event)
  }

  /** Holds back news until the answer under way has gone. */
  #holdBack(): void {
    if (this.#held !== null) return
    this.#held = []
    this.#parts.environment.soon(() => {
      const held = this.#held ?? []
      this.#held = null
      for (const event of held) this.#parts.tell(event)
    })
  }
}
