/** The coordination face's core: reads the server's figures, and keeps them fresh. */

import type {
  CoordinationCore,
  CoordinationSnapshot,
  DeviceRow,
  DrawReport,
  EstimateReport,
  IncomingRow,
  Invitation,
  Part,
  PeopleReport,
  PeriodPoint,
  QuarantineRow,
  QuarantineSettled,
} from './coordination-core.ts'
import { decidingBy, type DecidingApi } from './deciding.ts'
import type { HistoryApi } from './history.ts'
import { DeskKey } from './desk-key.ts'
import type { DeskKeys } from '../shared/ports.ts'
import type { ServiceApi } from './service.ts'
import { asFailure, type Failure, type FailureCode } from '../shared/failure.ts'
import type { Configuration, Identity } from '../shared/member.ts'
import type { NightDate, OrganisationId, Role } from '../shared/model.ts'
import { Observable } from '../shared/observable.ts'

/** From news to reading: a phone that comes home sends many things at once. */
const SETTLE_MS = 300
/** Between readings while nothing tells of news. */
const POLL_MS = 30_000
const PERIODS = 12
const INCOMING = 50

/** Roles that have a desk. */
const COORDINATING: ReadonlySet<Role> = new Set<Role>(['coordinator', 'administrator', 'duty'])

/** What an enrolled browser may ask the server. Methods reject with a `Failure`. */
export interface CoordinationApi extends ServiceApi, DecidingApi, HistoryApi {
  signIn(): Promise<void>
  signOut(): Promise<void>
  me(): Promise<Omit<Configuration, 'read_at'> & { role: Role }>
  estimate(period: NightDate | null): Promise<EstimateReport>
  people(period: NightDate | null): Promise<PeopleReport>
  periods(count: number): Promise<PeriodPoint[]>
  incoming(limit: number): Promise<IncomingRow[]>
  draw(): Promise<DrawReport>
  drawPlaces(count: number | undefined): Promise<DrawReport>
  quarantine(): Promise<QuarantineRow[]>
  settleQuarantined(id: QuarantineRow['id'], what: QuarantineSettled): Promise<void>
  devices(): Promise<DeviceRow[]>
  invite(role: Role, organisation: OrganisationId, label: string | undefined): Promise<Invitation>
  revoke(device: string): Promise<void>
  /**
   * Listens to news: `news` on each, `state` when the connection opens, breaks
   * (and is tried again) or ends for good. Gives how to stop.
   */
  listen(news: () => void, state: (state: 'open' | 'broken' | 'ended') => void): () => void
}

/** What the client needs of the browser. */
export interface CoordinationParts {
  readIdentity(): Promise<{ identity: Identity | null; erased: boolean }>
  enrolPhone(code: string, label: string): Promise<Identity>
  invitationInAddress(): string | null
  defaultLabel(): string
  apiOf(identity: Identity): CoordinationApi
  forget(): Promise<void>
  keys: DeskKeys
  onOnline(listener: () => void): void
  applyUpdate(): Promise<void>
  now(): number
  after(ms: number, call: () => void): () => void
}

const nothing = <T>(): Part<T> => ({ value: null, read_at: null, problem: null })

type PartName =
  | 'report'
  | 'people'
  | 'periods'
  | 'incoming'
  | 'draw'
  | 'quarantine'
  | 'devices'
  | 'alerts'
  | 'feedback'
  | 'proposals'

const UNREAD: Pick<CoordinationSnapshot, PartName> = {
  report: nothing(),
  people: nothing(),
  periods: nothing(),
  incoming: nothing(),
  draw: nothing(),
  quarantine: nothing(),
  devices: nothing(),
  alerts: nothing(),
  feedback: nothing(),
  proposals: nothing(),
}

export class CoordinationClient implements CoordinationCore {
  readonly deskKey: DeskKey
  readonly deciding: DecidingApi = decidingBy((question) => this.#ask(question))
  readonly history: HistoryApi['history'] = (document) => this.#ask((api) => api.history(document))
  #parts: CoordinationParts
  #state = new Observable<CoordinationSnapshot>({
    state: { phase: 'starting' },
    member: null,
    organisations: [],
    districts: [],
    drawn_places: 0,
    team_key: null,
    period: null,
    ...UNREAD,
    live: 'offline',
    update_ready: false,
  })
  #api: CoordinationApi | null = null
  #signingIn: Promise<void> | null = null
  #open = 0
  #stopListening: (() => void) | null = null
  #stopTimer: (() => void) | null = null
  #refreshing: Promise<void> | null = null
  #again = false
  #invitation: { code: string; label: string } | null = null

  constructor(parts: CoordinationParts) {
    this.#parts = parts
    this.deskKey = new DeskKey(parts.keys, (print, replace) => this.putTeamKey(print, replace))
    parts.onOnline(() => {
      if (this.#open > 0) void this.refresh()
    })
  }

  get snapshot(): CoordinationSnapshot {
    return this.#state.value
  }

  subscribe(listener: () => void): () => void {
    return this.#state.subscribe(listener)
  }

  /** Reads who this browser is, and signs in. */
  async start(): Promise<void> {
    const { identity, erased } = await this.#parts.readIdentity()
    const code = this.#parts.invitationInAddress()
    if (code !== null && !this.#mayCoordinate(identity)) {
      await this.enrol(code, this.#parts.defaultLabel()).catch(() => undefined)
    } else if (identity === null) {
      this.#state.set({ state: { phase: erased ? 'erased' : 'not_enrolled' } })
    } else {
      await this.#use(identity)
    }
  }

  #mayCoordinate(identity: Identity | null): boolean {
    return identity !== null && COORDINATING.has(identity.role)
  }

  async enrol(code: string, label: string): Promise<void> {
    const used = code === '' && this.#invitation !== null ? this.#invitation : { code, label }
    this.#invitation = used
    this.#state.set({ state: { phase: 'enrolling', failure: null } })
    let identity: Identity
    try {
      const present = await this.#parts.readIdentity()
      // A browser is one device; another identity would orphan what waits in it.
      if (present.identity !== null) {
        this.#refused('already_enrolled', false)
        return
      }
      identity = await this.#parts.enrolPhone(used.code, used.label)
    } catch (error) {
      const failure = asFailure(error)
      const retry = !['code_unknown', 'code_used', 'code_expired'].includes(failure.code)
      this.#refused(failure.code, retry)
      throw failure
    }
    this.#invitation = null
    await this.#use(identity)
  }

  #refused(code: FailureCode, retry: boolean): void {
    this.#state.set({ state: { phase: 'enrolling', failure: { code, retry } } })
  }

  async #use(identity: Identity): Promise<void> {
    const { device, role, organisation, label } = identity
    this.#state.set({ member: { device, role, organisation, label } })
    if (!this.#mayCoordinate(identity)) {
      this.#state.set({ state: { phase: 'forbidden' } })
      return
    }
    this.#api = this.#parts.apiOf(identity)
    if (this.#open > 0) this.#listen()
    await this.refresh()
  }

  open(): () => void {
    this.#open += 1
    if (this.#open === 1 && this.#api !== null) {
      this.#listen()
      void this.refresh()
    }
    let closed = false
    return () => {
      if (closed) return
      closed = true
      this.#open -= 1
      if (this.#open === 0) this.#close()
    }
  }

  #listen(): void {
    this.#stopListening?.()
    this.#stopListening = null
    const api = this.#api
    if (api === null) return
    void this.#signedIn()
      .then(() => {
        if (this.#open === 0 || this.#stopListening !== null) return
        this.#stopListening = api.listen(
          () => this.#later(SETTLE_MS),
          (state) => {
            this.#state.set({ live: state === 'open' ? 'live' : 'polling' })
            if (state === 'ended') {
              // The session may have ended; the next reading begins another.
              this.#stopListening?.()
              this.#stopListening = null
            }
            // What came while nobody listened is read now; without a connection, now and then.
            this.#later(state === 'open' ? 0 : POLL_MS)
          },
        )
      })
      .catch(() => this.#later(POLL_MS))
  }

  #close(): void {
    this.#stopListening?.()
    this.#stopListening = null
    this.#stopTimer?.()
    this.#stopTimer = null
    this.#state.set({ live: 'offline' })
  }

  #later(ms: number): void {
    this.#stopTimer?.()
    this.#stopTimer = this.#parts.after(ms, () => void this.refresh())
  }

  #signedIn(): Promise<void> {
    this.#signingIn ??= (this.#api?.signIn() ?? Promise.resolve()).catch((error: unknown) => {
      this.#signingIn = null
      throw error
    })
    return this.#signingIn
  }

  /** Asks the server; once more with a new session when the old one has ended. */
  async #ask<T>(question: (api: CoordinationApi) => Promise<T>): Promise<T> {
    const api = this.#api
    if (api === null) throw asFailure(null, 'not_ready')
    await this.#signedIn()
    try {
      return await question(api)
    } catch (error) {
      if (asFailure(error).code !== 'token_unknown') throw error
      this.#signingIn = null
      await this.#signedIn()
      return question(api)
    }
  }

  refresh(): Promise<void> {
    if (this.#refreshing !== null) {
      this.#again = true
      return this.#refreshing
    }
    this.#refreshing = this.#refresh().finally(() => {
      this.#refreshing = null
      if (this.#again) {
        this.#again = false
        void this.refresh()
      }
    })
    return this.#refreshing
  }

  async #refresh(): Promise<void> {
    if (this.#api === null) return
    this.#stopTimer?.()
    this.#stopTimer = null
    try {
      const me = await this.#ask((api) => api.me())
      const { organisations, districts, drawn_places, team_key = null } = me
      this.#state.set({ organisations, districts, drawn_places, team_key })
    } catch (error) {
      await this.#unreachable(asFailure(error))
      return
    }
    await (this.snapshot.member?.role === 'duty' ? this.#readAlerts() : this.#readAll())
    this.#state.set({ state: { phase: 'ready' } })
    if (this.snapshot.live !== 'live' && this.#open > 0) {
      this.#later(POLL_MS)
      if (this.#stopListening === null) this.#listen()
    }
  }

  #readAlerts(): Promise<void> {
    return this.#read('alerts', (api) => api.alerts())
  }

  async #readAll(): Promise<void> {
    await Promise.all([
      this.#readReport(),
      this.#read('periods', (api) => api.periods(PERIODS)),
      this.#read('incoming', (api) => api.incoming(INCOMING)),
      this.#read('draw', (api) => api.draw()),
      this.#read('quarantine', (api) => api.quarantine()),
      this.#read('devices', (api) => api.devices()),
      this.#readAlerts(),
      this.#read('feedback', (api) => api.feedback()),
      this.#read('proposals', (api) => api.proposals()),
    ])
  }

  async #unreachable(failure: Failure): Promise<void> {
    if (failure.code === 'device_revoked') {
      await this.#parts.forget()
      this.deskKey.forget()
      this.#close()
      this.#api = null
      this.#state.set({
        state: { phase: 'erased' },
        member: null,
        ...UNREAD,
      })
      return
    }
    const report = { ...this.snapshot.report, problem: failure.code }
    if (this.snapshot.report.value === null && this.snapshot.alerts.value === null) {
      this.#state.set({ report, state: { phase: 'unreachable', code: failure.code } })
    } else {
      // What was read stays on the page, with its time and why it is not newer.
      this.#state.set({ report, live: 'offline' })
    }
    if (this.#open > 0) this.#later(POLL_MS)
  }

  async #read<K extends PartName>(
    name: K,
    question: (api: CoordinationApi) => Promise<NonNullable<CoordinationSnapshot[K]['value']>>,
  ): Promise<void> {
    try {
      const value = await this.#ask(question)
      const part = { value, read_at: this.#parts.now(), problem: null }
      this.#state.set({ [name]: part } as Partial<CoordinationSnapshot>)
    } catch (error) {
      const part = { ...this.snapshot[name], problem: asFailure(error).code }
      this.#state.set({ [name]: part } as Partial<CoordinationSnapshot>)
    }
  }

  /** Reads the period that is shown; once more when another is shown by then. */
  async #readReport(): Promise<void> {
    const { period } = this.snapshot
    await Promise.all([
      this.#read('report', (api) => api.estimate(period)),
      this.#read('people', (api) => api.people(period)),
    ])
    if (period !== this.snapshot.period) await this.#readReport()
  }

  async showPeriod(start: NightDate | null): Promise<void> {
    this.#state.set({ period: start, report: nothing(), people: nothing() })
    await this.#readReport()
  }

  async drawPlaces(count?: number): Promise<void> {
    const value = await this.#ask((api) => api.drawPlaces(count))
    this.#state.set({ draw: { value, read_at: this.#parts.now(), problem: null } })
    this.#later(SETTLE_MS)
  }

  async invite(role: Role, organisation: OrganisationId, label?: string): Promise<Invitation> {
    return this.#ask((api) => api.invite(role, organisation, label))
  }

  async revoke(device: string): Promise<void> {
    await this.#ask((api) => api.revoke(device))
    await this.#read('devices', (api) => api.devices())
  }

  settleQuarantined: CoordinationCore['settleQuarantined'] = async (id, what) => {
    await this.#ask((api) => api.settleQuarantined(id, what))
    await this.#read('quarantine', (api) => api.quarantine())
  }

  putTeamKey: CoordinationCore['putTeamKey'] = async (fingerprint, replace) => {
    const announced = await this.#ask((api) => api.putTeamKey(fingerprint, replace))
    this.#state.set({ team_key: announced.stands })
    return announced
  }

  acknowledge: CoordinationCore['acknowledge'] = async (alert, note, outcome) => {
    await this.#ask((api) => api.acknowledge(alert, note, outcome))
    await this.#readAlerts()
  }

  handle: CoordinationCore['handle'] = async (feedback, step) => {
    await this.#ask((api) => api.handle(feedback, step))
    await this.#read('feedback', (api) => api.feedback())
  }

  decide: CoordinationCore['decide'] = async ({ place, proposal }, decision) => {
    await this.#ask((api) => api.decide(place, proposal, decision))
    await this.#read('proposals', (api) => api.proposals())
  }

  async signOut(): Promise<void> {
    this.deskKey.forget()
    await this.#api?.signOut()
    this.#signingIn = null
    this.#close()
  }

  applyUpdate(): Promise<void> {
    return this.#parts.applyUpdate()
  }

  /** Called by the browser's side when a new version waits. */
  updateReady(): void {
    this.#state.set({ update_ready: true })
  }
}
