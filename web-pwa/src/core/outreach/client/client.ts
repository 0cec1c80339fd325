/** The tab's side of the field core: follows the engine's events and answers the pages. */

import type { EngineChange, EngineEvent, EngineState, Notice } from '../engine/api.ts'
import { DEFAULT_CONFIGURATION, NEVER_SYNCED } from '../defaults.ts'
import { asFailure, Failure } from '../../shared/failure.ts'
import type { FieldCore, LockCore, Position, Snapshot, StorageState } from '../field-core.ts'
import type { Intent, Saved } from '../intents.ts'
import type { Instant } from '../../shared/model.ts'
import { Observable } from '../../shared/observable.ts'
import { invitedBy, refused, type InvitationParts } from '../../shared/invitation.ts'
import type { Identity } from '../../shared/member.ts'
import { PageData } from '../pages/data.ts'
import { Drafts } from './drafts.ts'
import { leaseOver } from '../lock/idle.ts'
import type { Locker } from '../lock/port.ts'
import { Link, type Tabs } from './link.ts'
import { lockedConfiguration, Locking, NO_LOCK } from './locking.ts'
import { PageModels } from './models.ts'

/** Longest wait for the event that shows what was saved. */
const SHOWN_MS = 500

/** Longest wait for drafts to be stored before the phone locks. */
const CLOSING_MS = 1_500

/** The client's ports to the browser. */
export interface ClientParts extends InvitationParts {
  tabs: Tabs
  locker: Locker
  lacking(): 'wasm' | 'storage' | 'crypto' | 'worker' | null
  readIdentity(): Promise<{ identity: Identity | null; sealed: boolean; erased: boolean }>
  enrolPhone(code: string, label: string): Promise<Identity>
  /** Returns the phone's name for when nobody gives one. */
  defaultLabel(): string
  locate(): Promise<Position | null>
  storageState(): Promise<StorageState>
  persist(): Promise<boolean>
  /** Calls back with what happens to the network and to the page. */
  onNotice(listener: (notice: Notice) => void): void
  applyUpdate(): Promise<void>
  /** The mark that the phone was enrolled. */
  marker: { set(): void; clear(): void; isSet(): boolean }
  online(): boolean
  visible(): boolean
  /** Calls back whenever the person touches the page. */
  onTouch(listener: () => void): void
  /** Draws 16 hexadecimal digits. */
  id(): string
  now(): Instant
  after(ms: number, call: () => void): () => void
}

export class FieldClient implements FieldCore {
  #parts: ClientParts
  #state: Observable<Snapshot>
  #data = new PageData(DEFAULT_CONFIGURATION)
  #models = new PageModels(this.#data)
  #link: Link
  #engineId = ''
  #serial = 0
  /** Events that came while the state was being read. */
  #early: EngineEvent[] | null = null
  #drafts: Drafts
  #locking: Locking
  /** Settled when the drafts that were handed over last are stored. */
  #drafted: Promise<unknown> = Promise.resolve()
  #invitation: { code: string; label: string } | null = null
  #listening = false
  /** Who waits for an event to have been taken in. */
  #shown: { serial: number; resolve: () => void }[] = []
  #whenErased: () => void = () => undefined
  #whenStarted: () => void = () => undefined

  constructor(parts: ClientParts) {
    this.#parts = parts
    this.#link = new Link(
      parts.tabs,
      {
        connected: () => this.#readState(),
        leading: (leader) => this.#state.set({ leader }),
        elsewhere: () => this.#state.set({ state: { phase: 'elsewhere' } }),
        failed: (failure) => this.#broke(failure),
        key: () => this.#locking.key,
      },
      parts.now,
      parts.after,
    )
    this.#drafts = new Drafts((key, value) => {
      if (this.#link.engine === null) return null
      const written = this.#link.engine.setDraft(key, value)
      this.#drafted = Promise.all([this.#drafted, written])
      return written.then((result) => {
        if (!result.ok) throw new Failure(result.code, result.detail)
      })
    })
    this.#locking = new Locking(parts, {
      limits: () => this.#data.configuration.phones,
      opened: async (key) => {
        this.#takeIdentity(await parts.locker.identity(key))
        await this.#connect()
      },
      closing: async () => {
        this.#drafts.flush()
        const left = this.#link.leads ? this.#link.engine?.notice('hidden') : null
        await Promise.race([
          Promise.all([this.#drafted, left]),
          new Promise<void>((resolve) => parts.after(CLOSING_MS, resolve)),
        ])
        this.#link.pause()
      },
      closed: () => void this.#locked(false),
      erased: async () => {
        this.#erased('asked')
        const invitation = this.#invitation
        if (invitation !== null) await this.enrol(invitation.code, invitation.label)
      },
      started: () => this.snapshot.state.phase === 'ready',
      postponed: () => this.#connect(),
      view: (lock) => this.#state.set({ lock }),
    })
    this.#state = new Observable<Snapshot>({
      state: { phase: 'starting' },
      member: null,
      configuration: DEFAULT_CONFIGURATION,
      sync: { ...NEVER_SYNCED, online: parts.online() },
      storage: { persisted: null, used: null, quota: null },
      lock: NO_LOCK,
      position: null,
      update_ready: false,
      installed: 'coming',
      leader: false,
      revision: 0,
      drafts: 0,
    })
  }

  get snapshot(): Snapshot {
    return this.#state.value
  }

  get lock(): LockCore {
    return this.#locking
  }

  subscribe(listener: () => void): () => void {
    return this.#state.subscribe(listener)
  }

  // Starting, and starting anew.

  /** Reads who this phone is, and goes on from there. */
  async start(): Promise<void> {
    const lacks = this.#parts.lacking()
    if (lacks !== null) {
      this.#state.set({ state: { phase: 'unsupported', lacks } })
      return
    }
    this.#state.set({ state: { phase: 'starting' } })
    // Nearly every phone has a lock: what it takes comes while the rest is read.
    this.#parts.locker.warm()
    try {
      const { identity, sealed, erased } = await this.#parts.readIdentity()
      const code = this.#parts.invitationInAddress()
      if (sealed) {
        await this.#startSealed(code)
      } else if (identity !== null) {
        this.#takeIdentity(identity)
        if (code !== null) this.#alreadyEnrolled()
        else this.#state.set({ state: { phase: 'securing', before: true } })
      } else if (code !== null) {
        await this.#ask({ code, label: this.#parts.defaultLabel() })
      } else {
        const nobody = this.#parts.marker.isSet() ? 'evicted' : 'not_enrolled'
        this.#state.set({ state: { phase: erased ? 'erased' : nobody } })
      }
    } catch (error) {
      this.#fail(asFailure(error))
    }
  }

  /** Starts on a phone with a lock: with the key of another tab, or locked. */
  async #startSealed(code: string | null): Promise<void> {
    const key =
      this.#locking.key ?? ((await this.#parts.tabs.anybody()) ? await this.#locking.meet() : null)
    if (key === null) {
      this.#invitation = code === null ? null : { code, label: this.#parts.defaultLabel() }
      this.#parts.leaveInvitation()
      await this.#locked(code !== null)
      return
    }
    await this.#locking.read()
    this.#takeIdentity(await this.#parts.locker.identity(key))
    if (code !== null) this.#alreadyEnrolled()
    else await this.#connect()
  }

  #alreadyEnrolled(): void {
    this.#parts.leaveInvitation()
    const failure = { code: 'already_enrolled', retry: false } as const
    this.#state.set({ state: { phase: 'enrolling', failure } })
  }

  /** Forgets all that is stored, and shows the lock screen. */
  async #locked(invited: boolean): Promise<void> {
    this.#drafts.forget()
    this.#data.reset([], [], null)
    this.#data.member = null
    const { numbers } = await this.#locking.read()
    this.#data.configuration = lockedConfiguration(numbers)
    this.#models.changed()
    // Another tab may have opened it meanwhile.
    if (this.#locking.key !== null) return
    this.#state.set({
      state: { phase: 'locked', invited },
      member: null,
      position: null,
      configuration: this.#data.configuration,
      revision: this.snapshot.revision + 1,
    })
    this.#parts.tabs.warm()
  }

  /** Called when an invitation may have come into the address of a page that is open. */
  async invited(): Promise<void> {
    const { phase } = this.snapshot.state
    if (['not_enrolled', 'invited', 'enrolling', 'erased', 'evicted', 'locked'].includes(phase))
      await this.start()
  }

  /** Shows what an invitation is for. It is used when a person says so. */
  async #ask(invitation: { code: string; label: string }): Promise<void> {
    this.#invitation = invitation
    this.#state.set({ state: await invitedBy(invitation.code, this.#parts) })
  }

  async enrol(code: string, label: string): Promise<void> {
    const used = code === '' && this.#invitation !== null ? this.#invitation : { code, label }
    this.#invitation = used
    this.#state.set({ state: { phase: 'enrolling', failure: null } })
    try {
      this.#takeIdentity(await this.#parts.enrolPhone(used.code, used.label))
    } catch (error) {
      this.#state.set({ state: refused(error, this.#parts) })
      throw asFailure(error)
    }
    this.#invitation = null
    this.#parts.leaveInvitation()
    void this.persist()
    this.#state.set({ state: { phase: 'securing', before: false } })
    this.#parts.tabs.warm()
  }

  async restart(): Promise<void> {
    await (this.#link.leads ? this.#link.restart() : this.start())
  }

  async takeOver(): Promise<void> {
    this.#state.set({ state: { phase: 'starting' } })
    await this.#link.takeOver()
  }

  #takeIdentity({ device, role, organisation, label }: Identity): void {
    this.#parts.marker.set()
    const member = { device, role, organisation, label }
    this.#data.member = member
    this.#state.set({ member })
  }

  async #connect(): Promise<void> {
    this.#listen()
    this.#locking.watch()
    await this.#link.open()
  }

  /** Engines broke. A lock that another tab has set is a reason to unlock, not an error. */
  #broke(failure: Failure): void {
    if (failure.code === 'locked') void this.start()
    else this.#fail(failure)
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
      if (notice === 'visible' || notice === 'hidden') this.#locking.looked(notice === 'visible')
      // A hidden follower says nothing about the tab that leads.
      if (this.snapshot.leader || notice === 'visible') void this.#link.engine?.notice(notice)
      if (notice === 'visible' && this.snapshot.state.phase === 'elsewhere')
        void this.#link.follow()
    })
  }

  async #readState(): Promise<void> {
    const engine = this.#link.engine
    if (engine === null) return
    this.#early = []
    // A leader that is only about to start hears nothing yet, so it is asked
    // again when it says that it has.
    const started = new Promise<void>((resolve) => {
      this.#whenStarted = resolve
    })
    const ask = (): Promise<EngineState> => this.#link.answer(engine.state())
    const asked = Promise.race([ask(), started.then(ask)])
    const state = await asked.catch((error: unknown) => {
      this.#early = null
      throw error
    })
    const early = this.#early ?? []
    this.#early = null
    if (this.#link.engine !== engine) return
    this.#engineId = state.engine
    this.#serial = state.serial
    this.#data.reset(state.documents, state.coverage, state.draw)
    this.#data.authority = state.authority
    this.#drafts.take(state.drafts)
    if (state.configuration !== null) this.#data.configuration = state.configuration
    this.#models.changed()
    this.#state.set({
      state: this.#openPhase(state.sync.heard_at),
      configuration: this.#data.configuration,
      sync: state.sync,
      revision: this.snapshot.revision + 1,
    })
    for (const event of early) this.#event(event)
    this.#tellShown()
    this.#drafts.flush()
    this.#state.set({ storage: await this.#parts.storageState() })
  }

  /** Returns the phase of an open phone: ready, unless the lease has run out. */
  #openPhase(receivedAt: Instant | null): Snapshot['state'] {
    const contact = receivedAt ?? this.snapshot.lock.made_at
    const over = leaseOver(contact, this.#data.configuration.phones, this.#parts.now())
    return over === null ? { phase: 'ready' } : { phase: 'lease', days: over.days }
  }

  #judgeLease(): void {
    const { phase } = this.snapshot.state
    if (phase !== 'ready' && phase !== 'lease') return
    const state = this.#openPhase(this.snapshot.sync.heard_at)
    if (state.phase !== phase) this.#state.set({ state })
  }

  #event(event: EngineEvent): void {
    if (event.change.type === 'starting') {
      this.#link.leaderStarts()
      return
    }
    if (this.#early !== null) {
      if (event.change.type === 'started') {
        this.#whenStarted()
        this.#link.leaderStarted()
      }
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
      if (change.type === 'started') this.#link.leaderStarted()
      // Another engine, or something was missed: read everything anew.
      if (this.#link.engine !== null) void this.#readState().catch(() => undefined)
      return
    }
    this.#serial = event.serial
    this.#apply(change)
    this.#tellShown()
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
        this.#judgeLease()
        break
      case 'draft':
        this.#drafts.take({ [change.key]: change.value })
        this.#state.set({ drafts: this.snapshot.drafts + 1 })
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
        if (this.#link.leads) this.#link.crashed(new Failure(change.code, change.detail))
        break
      default:
    }
  }

  #erased(reason: 'revoked' | 'asked'): void {
    this.#link.pause()
    this.#locking.forgetKey()
    this.#parts.marker.clear()
    this.#whenErased()
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

  // Page models, memoised by revision.

  home: FieldCore['home'] = (now) => this.#models.home(now)
  places: FieldCore['places'] = (query, now) => this.#models.places(query, now)
  place: FieldCore['place'] = (document, now) => this.#models.place(document, now)
  visit: FieldCore['visit'] = (document, now) => this.#models.visit(document, now)
  alerts: FieldCore['alerts'] = (now) => this.#models.alerts(now)
  alert: FieldCore['alert'] = (document, now) => this.#models.alert(document, now)
  period: FieldCore['period'] = (now) => this.#models.period(now)
  conflicts: FieldCore['conflicts'] = () => this.#models.conflicts()
  outbox: FieldCore['outbox'] = () => this.#models.outbox()
  suggestion: FieldCore['suggestion'] = (now) => this.#models.suggestion(now)
  check: FieldCore['check'] = (count, place, now) => this.#models.check(count, place, now)
  may: FieldCore['may'] = (document, path, act) => this.#models.may(document, path, act)
  now: FieldCore['now'] = () => this.#parts.now() - this.snapshot.sync.clock_error

  // Actions: each settles when it is true.

  async dispatch(
    intent: Intent,
    durable: () => void = () => undefined,
    id: string = this.#parts.id(),
  ): Promise<Saved> {
    const { saved, serial } = await this.#link.call((engine) => engine.dispatch(intent, id))
    durable()
    // The event travels on another channel and may come a moment later; what is
    // said to be saved must be there to be seen.
    if (serial > this.#serial) {
      await new Promise<void>((resolve) => {
        this.#shown.push({ serial, resolve })
        this.#parts.after(SHOWN_MS, resolve)
      })
    }
    return saved
  }

  #tellShown(): void {
    this.#shown = this.#shown.filter(({ serial, resolve }) => {
      if (serial > this.#serial) return true
      resolve()
      return false
    })
  }

  async syncNow(): Promise<void> {
    await this.#link.call((engine) => engine.syncNow())
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

  /** Called by the browser's side when the app's files lie on the phone, or could not be put there. */
  installed(here: boolean): void {
    this.#state.set({ installed: here ? 'here' : 'failed' })
  }

  async erase(options: { even_unsent: boolean }): Promise<void> {
    // The event may end the engine before it has answered.
    const erased = new Promise<void>((resolve) => {
      this.#whenErased = resolve
    })
    const answer = this.#link.call((engine) => engine.erase(options.even_unsent))
    await Promise.race([answer, erased])
  }
}
