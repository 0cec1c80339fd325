/** The tab's side of the field core: follows the engine's events and answers the pages. */

import type { EngineApi, EngineChange, EngineEvent, Notice } from '../engine/api.ts'
import { DEFAULT_CONFIGURATION } from '../defaults.ts'
import { asFailure, unwrap, type Result } from '../failure.ts'
import {
  Failure,
  type FieldCore,
  type Intent,
  type Position,
  type Saved,
  type Snapshot,
  type StorageState,
} from '../field-core.ts'
import type { DocumentId, Instant } from '../model.ts'
import { Observable } from '../observable.ts'
import type { Identity } from '../ports.ts'
import { PageData } from '../pages/data.ts'
import { Drafts } from './drafts.ts'
import type { RunningEngine, Tabs } from './link.ts'
import { PageModels } from './models.ts'

/** A leader that has not answered after this long is asleep or gone. */
const ANSWER_MS = 4_000
/** This many broken engines in a row, and the person is asked. */
const MOST_CRASHES = 3
/** An engine that ran this long did not break at its start. */
const STEADY_MS = 60_000

/** What the client needs of the browser. */
export interface ClientParts {
  tabs: Tabs
  lacking(): 'wasm' | 'storage' | 'crypto' | 'worker' | null
  readIdentity(): Promise<{ identity: Identity | null; erased: boolean }>
  enrolPhone(code: string, label: string): Promise<Identity>
  invitationInAddress(): string | null
  /** What this phone is called when nobody says. */
  defaultLabel(): string
  locate(): Promise<Position | null>
  storageState(): Promise<StorageState>
  persist(): Promise<boolean>
  /** Calls back with what happens to the network and to the page. */
  onNotice(listener: (notice: Notice) => void): void
  applyUpdate(): Promise<void>
  online(): boolean
  now(): Instant
  after(ms: number, call: () => void): () => void
}

export class FieldClient implements FieldCore {
  #parts: ClientParts
  #state: Observable<Snapshot>
  #data = new PageData(DEFAULT_CONFIGURATION)
  #models = new PageModels(this.#data)
  #engine: EngineApi | null = null
  #running: RunningEngine | null = null
  #engineId = ''
  #serial = 0
  /** Events that came while the state was being read. */
  #early: EngineEvent[] | null = null
  #drafts: Drafts
  #invitation: { code: string; label: string } | null = null
  #crashes = 0
  #startedAt = 0
  #listening = false

  constructor(parts: ClientParts) {
    this.#parts = parts
    this.#drafts = new Drafts(parts.after, (key, value) => {
      void this.#engine?.setDraft(key, value)
      return this.#engine !== null
    })
    this.#state = new Observable<Snapshot>({
      state: { phase: 'starting' },
      member: null,
      configuration: DEFAULT_CONFIGURATION,
      sync: {
        online: parts.online(),
        busy: false,
        waiting: 0,
        waiting_since: null,
        received_at: null,
        problem: null,
        clock_off: false,
        next_at: null,
        rejected: [],
      },
      storage: { persisted: null, used: null, quota: null },
      position: null,
      update_ready: false,
      leader: false,
      revision: 0,
    })
  }

  get snapshot(): Snapshot {
    return this.#state.value
  }

  subscribe(listener: () => void): () => void {
    return this.#state.subscribe(listener)
  }

  // Starting.

  /** Reads who this phone is, and goes on from there. */
  async start(): Promise<void> {
    const lacks = this.#parts.lacking()
    if (lacks !== null) {
      this.#state.set({ state: { phase: 'unsupported', lacks } })
      return
    }
    this.#state.set({ state: { phase: 'starting' } })
    try {
      const { identity, erased } = await this.#parts.readIdentity()
      const code = this.#parts.invitationInAddress()
      if (identity !== null) {
        if (code !== null) {
          const failure = { code: 'already_enrolled', retry: false } as const
          this.#takeIdentity(identity)
          this.#state.set({ state: { phase: 'enrolling', failure } })
          return
        }
        this.#takeIdentity(identity)
        await this.#elect()
      } else if (code !== null) {
        await this.enrol(code, this.#parts.defaultLabel()).catch(() => undefined)
      } else {
        this.#state.set({ state: { phase: erased ? 'erased' : 'not_enrolled' } })
      }
    } catch (error) {
      this.#fail(asFailure(error))
    }
  }

  async enrol(code: string, label: string): Promise<void> {
    const used = code === '' && this.#invitation !== null ? this.#invitation : { code, label }
    this.#invitation = used
    this.#state.set({ state: { phase: 'enrolling', failure: null } })
    try {
      this.#takeIdentity(await this.#parts.enrolPhone(used.code, used.label))
    } catch (error) {
      const failure = asFailure(error)
      const retry = !['code_unknown', 'code_used', 'code_expired'].includes(failure.code)
      this.#state.set({
        state: { phase: 'enrolling', failure: { code: failure.code, retry } },
      })
      throw failure
    }
    this.#invitation = null
    void this.persist()
    await this.#elect()
  }

  async restart(): Promise<void> {
    this.#crashes = 0
    this.#running?.end()
    this.#running = null
    this.#engine = null
    await (this.snapshot.leader ? this.#lead() : this.start())
  }

  async takeOver(): Promise<void> {
    this.#state.set({ state: { phase: 'starting' } })
    await this.#parts.tabs.takeLead(this.#lost)
    await this.#lead()
  }

  #takeIdentity({ device, role, organisation, label }: Identity): void {
    const member = { device, role, organisation, label }
    this.#data.member = member
    this.#state.set({ member })
  }

  async #elect(): Promise<void> {
    this.#listen()
    if (await this.#parts.tabs.tryLead(this.#lost)) {
      await this.#lead()
      return
    }
    this.#waitToLead()
    await this.#follow()
  }

  /** Another tab has taken over. */
  #lost = (): void => {
    this.#running?.end()
    this.#running = null
    this.#waitToLead()
    void this.#follow()
  }

  /** Leads when the tab that does goes away. */
  #waitToLead(): void {
    void this.#parts.tabs.waitToLead(this.#lost).then(
      () => (this.snapshot.leader ? undefined : this.#lead()),
      () => undefined,
    )
  }

  async #lead(): Promise<void> {
    try {
      const running = await this.#parts.tabs.startEngine({ crashes: this.#crashes })
      this.#running = running
      this.#engine = running.api
      this.#startedAt = this.#parts.now()
      void running.died.then((detail) => {
        if (this.#running === running) this.#crashed(new Failure('core_crashed', detail))
      })
      this.#state.set({ leader: true })
      await this.#readState()
    } catch (error) {
      this.#state.set({ leader: true })
      this.#crashed(asFailure(error, 'core_crashed'))
    }
  }

  async #follow(): Promise<void> {
    const engine = this.#parts.tabs.remoteEngine()
    this.#engine = engine
    this.#state.set({ leader: false })
    try {
      await this.#readState()
    } catch {
      // Taken over meanwhile, or the leader has not started yet: its "started" will tell.
      if (this.#engine === engine) this.#state.set({ state: { phase: 'elsewhere' } })
    }
  }

  #crashed(failure: Failure): void {
    this.#running?.end()
    this.#running = null
    this.#engine = null
    if (this.#parts.now() - this.#startedAt > STEADY_MS) this.#crashes = 0
    this.#crashes += 1
    const hopeless = failure.code === 'schema_newer' || failure.code === 'storage_full'
    if (this.#crashes > MOST_CRASHES || hopeless) {
      this.#fail(failure)
      return
    }
    this.#parts.after(250 * this.#crashes, () => void this.#lead())
  }

  #fail(failure: Failure): void {
    this.#state.set({ state: { phase: 'failed', code: failure.code, detail: failure.detail } })
  }

  // Following the engine.

  #listen(): void {
    if (this.#listening) return
    this.#listening = true
    this.#parts.tabs.onEvent((event) => this.#event(event))
    this.#parts.onNotice((notice) => {
      if (notice === 'online' || notice === 'offline') {
        this.#state.set({ sync: { ...this.snapshot.sync, online: notice === 'online' } })
      }
      // A hidden follower says nothing about the tab that leads.
      if (this.snapshot.leader || notice === 'visible') void this.#engine?.notice(notice)
      if (notice === 'visible' && this.snapshot.state.phase === 'elsewhere') void this.#follow()
    })
  }

  #answer<T>(asked: Promise<Result<T>>): Promise<T> {
    // The own worker may take as long as it needs; another tab may be asleep.
    if (this.snapshot.leader) return asked.then(unwrap)
    return new Promise<T>((resolve, reject) => {
      const stop = this.#parts.after(ANSWER_MS, () => reject(new Failure('no_leader')))
      asked.then(unwrap).then(resolve, reject).finally(stop)
    })
  }

  async #readState(): Promise<void> {
    const engine = this.#engine
    if (engine === null) return
    this.#early = []
    const state = await this.#answer(engine.state()).catch((error: unknown) => {
      this.#early = null
      throw error
    })
    const early = this.#early ?? []
    this.#early = null
    if (this.#engine !== engine) return
    this.#engineId = state.engine
    this.#serial = state.serial
    this.#data.reset(state.documents, state.coverage, state.draw)
    this.#drafts.take(state.drafts)
    if (state.configuration !== null) this.#data.configuration = state.configuration
    this.#models.changed()
    this.#state.set({
      state: { phase: 'ready' },
      configuration: this.#data.configuration,
      sync: state.sync,
      revision: this.snapshot.revision + 1,
    })
    for (const event of early) this.#event(event)
    this.#drafts.flush()
    this.#state.set({ storage: await this.#parts.storageState() })
  }

  #event(event: EngineEvent): void {
    if (this.#early !== null) {
      this.#early.push(event)
      return
    }
    const { change } = event
    if (change.type === 'erased') {
      this.#erased(change.reason)
      return
    }
    const follows = event.engine === this.#engineId && event.serial === this.#serial + 1
    if (event.engine === this.#engineId && event.serial <= this.#serial) return
    if (!follows || change.type === 'started') {
      // Another engine, or something was missed: read everything anew.
      if (this.#engine !== null) void this.#readState().catch(() => undefined)
      return
    }
    this.#serial = event.serial
    this.#apply(change)
  }

  #apply(change: EngineChange): void {
    switch (change.type) {
      case 'data':
        for (const document of change.documents) this.#data.put(document)
        for (const document of change.removed) this.#data.remove(document)
        for (const [place, rows] of change.coverage) this.#data.setCoverage(place, rows)
        this.#data.setDraw(change.draw)
        this.#models.changed()
        this.#state.set({ revision: this.snapshot.revision + 1 })
        break
      case 'sync':
        this.#state.set({ sync: change.sync })
        break
      case 'configuration':
        this.#data.configuration = change.configuration
        this.#models.changed()
        this.#state.set({
          configuration: change.configuration,
          revision: this.snapshot.revision + 1,
        })
        break
      case 'broken':
        if (this.snapshot.leader) this.#crashed(new Failure(change.code, change.detail))
        break
      default:
    }
  }

  #erased(reason: 'revoked' | 'asked'): void {
    this.#running?.end()
    this.#running = null
    this.#engine = null
    this.#drafts.forget()
    this.#data.reset([], [], null)
    this.#data.member = null
    this.#models.changed()
    this.#state.set({
      state: { phase: reason === 'revoked' ? 'erased' : 'not_enrolled' },
      member: null,
      position: null,
      revision: this.snapshot.revision + 1,
    })
  }

  // Page models.

  home: FieldCore['home'] = (now) => this.#models.home(now)
  places: FieldCore['places'] = (query, now) => this.#models.places(query, now)
  place: FieldCore['place'] = (document, now) => this.#models.place(document, now)
  visit: FieldCore['visit'] = (document, now) => this.#models.visit(document, now)
  conflicts: FieldCore['conflicts'] = () => this.#models.conflicts()
  outbox: FieldCore['outbox'] = () => this.#models.outbox()
  suggestion: FieldCore['suggestion'] = (now) => this.#models.suggestion(now)
  check: FieldCore['check'] = (count, place, now) => this.#models.check(count, place, now)
  checkNote: FieldCore['checkNote'] = (text) => this.#models.checkNote(text)

  // Doing.

  #asking(): EngineApi {
    if (this.#engine === null) throw new Failure('not_ready', 'no engine')
    return this.#engine
  }

  async dispatch(intent: Intent): Promise<Saved> {
    const saved = await this.#answer(this.#asking().dispatch(intent))
    // The event travels on another channel and may come a moment later; what is
    // said to be saved must be there to be seen.
    await this.#seen(saved.document)
    return saved
  }

  async #seen(document: DocumentId): Promise<void> {
    for (let i = 0; i < 20 && !this.#data.documents.has(document); i++) {
      // oxlint-disable-next-line no-await-in-loop -- waiting is the point
      await new Promise<void>((resolve) => this.#parts.after(10, resolve))
    }
  }

  async syncNow(): Promise<void> {
    await this.#asking().syncNow().then(unwrap)
  }

  async locate(): Promise<Position | null> {
    const position = await this.#parts.locate()
    if (position !== null) {
      this.#data.position = position
      this.#models.changed()
      this.#state.set({ position })
    }
    return position
  }

  draft<T>(key: string): T | null {
    return this.#drafts.get(key) as T | null
  }

  setDraft(key: string, value: unknown): void {
    this.#drafts.set(key, value)
  }

  clearDraft(key: string): void {
    this.#drafts.clear(key)
  }

  persist(): Promise<boolean> {
    return this.#parts.persist().then(async (persisted) => {
      this.#state.set({ storage: { ...(await this.#parts.storageState()), persisted } })
      return persisted
    })
  }

  applyUpdate(): Promise<void> {
    this.#drafts.flush()
    return this.#parts.applyUpdate()
  }

  /** Called by the browser's side when a new version waits. */
  updateReady(): void {
    this.#state.set({ update_ready: true })
  }

  async erase(options: { even_unsent: boolean }): Promise<void> {
    await this.#answer(this.#asking().erase(options.even_unsent))
  }
}
