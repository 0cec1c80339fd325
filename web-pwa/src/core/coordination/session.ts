/** A desk's session with the server: who sits here, whether the server answers, and when there are news. */

import { asFailure, type Failure, type FailureCode } from '../shared/failure.ts'
import { invitedBy, refused, type InvitationParts } from '../shared/invitation.ts'
import type { Identity } from '../shared/member.ts'
import type { Role } from '../shared/model.ts'
import { Observable } from '../shared/observable.ts'
import type { DeskKeys } from '../shared/ports.ts'
import type { Announced, CoordinationApi, SessionSnapshot } from './api.ts'
import { DeskKey } from './desk-key.ts'

/** From news to reading, in ms: a phone that comes home sends many things at once. */
const SETTLE_MS = 300
/** Between readings while nothing tells of news, in ms. */
const POLL_MS = 30_000

/** Roles that have a desk. */
const COORDINATING: ReadonlySet<Role> = new Set<Role>(['coordinator', 'administrator', 'duty'])

/** Something the browser remembers as done, also after a reload. */
export interface Mark {
  set(): void
  clear(): void
  isSet(): boolean
}

/** What the session needs of the browser. */
export interface SessionParts extends InvitationParts {
  readIdentity(): Promise<{ identity: Identity | null; erased: boolean }>
  enrolPhone(code: string, label: string): Promise<Identity>
  defaultLabel(): string
  apiOf(identity: Identity): CoordinationApi
  forget(): Promise<void>
  keys: DeskKeys
  /** Whether somebody signed out here, and nobody has signed in since. */
  signedOut: Mark
  onOnline(listener: () => void): void
  applyUpdate(): Promise<void>
  now(): number
  after(ms: number, call: () => void): () => void
}

/** Something that is read from the server and wants to stay fresh. */
interface Follower {
  refresh(): Promise<void>
  /** The server does not answer: what was read is old. */
  fail(problem: FailureCode): void
}

export class CoordinationSession {
  /** The team key as it stands at this desk. */
  readonly deskKey: DeskKey
  #parts: SessionParts
  #state = new Observable<SessionSnapshot>({
    state: { phase: 'starting' },
    member: null,
    organisations: [],
    districts: [],
    drawn_places: 0,
    team_key: null,
    live: 'offline',
    no_contact_since: null,
    update_ready: false,
  })
  #api: CoordinationApi | null = null
  /** When the server last answered. */
  #answered: number | null = null
  #signingIn: Promise<void> | null = null
  #open = 0
  #stopListening: (() => void) | null = null
  #stopTimer: (() => void) | null = null
  #refreshing: Promise<void> | null = null
  #again = false
  #invitation: { code: string; label: string } | null = null
  #followers = new Set<Follower>()
  #stores = new Map<unknown, unknown>()

  constructor(parts: SessionParts) {
    this.#parts = parts
    this.deskKey = new DeskKey(parts.keys, (print, replace) => this.#putTeamKey(print, replace))
    parts.onOnline(() => {
      if (this.#open > 0) void this.refresh()
    })
  }

  get snapshot(): SessionSnapshot {
    return this.#state.value
  }

  subscribe(listener: () => void): () => void {
    return this.#state.subscribe(listener)
  }

  now(): number {
    return this.#parts.now()
  }

  /** Returns the store of a page, the same one each time: what it has read is there when one comes back. */
  store<S>(Store: new (session: CoordinationSession) => S): S {
    let store = this.#stores.get(Store) as S | undefined
    if (store === undefined) {
      store = new Store(this)
      this.#stores.set(Store, store)
    }
    return store
  }

  /** Tells `follower` whenever it is time to read. Returns how to stop. */
  follow(follower: Follower): () => void {
    this.#followers.add(follower)
    return () => this.#followers.delete(follower)
  }

  /** Reads who this browser is, and signs in. */
  async start(): Promise<void> {
    const { identity, erased } = await this.#parts.readIdentity()
    const code = this.#parts.invitationInAddress()
    if (code !== null && identity !== null) this.#parts.leaveInvitation()
    if (code !== null && identity === null) {
      this.#invitation = { code, label: this.#parts.defaultLabel() }
      this.#state.set({ state: await invitedBy(code, this.#parts) })
    } else if (code !== null && !this.#mayCoordinate(identity)) {
      this.#refused('already_enrolled', false)
    } else if (identity === null) {
      this.#state.set({ state: { phase: erased ? 'erased' : 'not_enrolled' } })
    } else if (this.#parts.signedOut.isSet() && this.#mayCoordinate(identity)) {
      this.#state.set({ state: { phase: 'signed_out' } })
    } else {
      await this.#use(identity)
    }
  }

  #mayCoordinate(identity: Identity | null): boolean {
    return identity !== null && COORDINATING.has(identity.role)
  }

  /** Called when an invitation may have come into the address of a page that is open. */
  async invited(): Promise<void> {
    const { phase } = this.snapshot.state
    if (['not_enrolled', 'invited', 'enrolling', 'erased', 'forbidden'].includes(phase))
      await this.start()
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
      this.#state.set({ state: refused(error, this.#parts) })
      throw asFailure(error)
    }
    this.#invitation = null
    this.#parts.leaveInvitation()
    this.#parts.signedOut.clear()
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

  /** Listens to news for as long as the desk is shown. Returns how to stop. */
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
            const lost = state !== 'open' && this.snapshot.live === 'live'
            if (state === 'open') this.#state.set({ live: 'live' })
            else if (this.snapshot.no_contact_since === null) this.#state.set({ live: 'polling' })
            if (state === 'ended') {
              // The session may have ended; the next reading begins another.
              this.#stopListening?.()
              this.#stopListening = null
            }
            // What came while nobody listened is read now, and whether the server is still there.
            if (state === 'open') this.#later(0)
            else if (lost) this.#later(SETTLE_MS)
            // The browser tries again more often than we poll, and must not put the poll off.
            else if (this.#stopTimer === null) this.#later(POLL_MS)
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
  async ask<T>(question: (api: CoordinationApi) => Promise<T>): Promise<T> {
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

  /** Reads who the desk is and whatever is shown. */
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
    const api = this.#api
    if (api === null) return
    this.#stopTimer?.()
    this.#stopTimer = null
    try {
      const me = await this.ask((asked) => asked.me())
      // Somebody signed out meanwhile.
      if (this.#api !== api) return
      this.#answered = this.#parts.now()
      const { organisations, districts, drawn_places, team_key = null } = me
      this.#state.set({ organisations, districts, drawn_places, team_key })
    } catch (error) {
      if (this.#api === api) await this.#unreachable(asFailure(error))
      return
    }
    const live = this.snapshot.live === 'live' ? 'live' : 'polling'
    this.#state.set({ state: { phase: 'ready' }, live, no_contact_since: null })
    await Promise.all([...this.#followers].map((follower) => follower.refresh()))
    if (this.snapshot.live !== 'live' && this.#open > 0) {
      this.#later(POLL_MS)
      if (this.#stopListening === null) this.#listen()
    }
  }

  async #unreachable(failure: Failure): Promise<void> {
    if (failure.code === 'device_revoked') {
      await this.#parts.forget()
      this.deskKey.forget()
      this.#close()
      this.#api = null
      this.#stores.clear()
      this.#state.set({ state: { phase: 'erased' }, member: null })
      return
    }
    if (this.snapshot.state.phase === 'ready') {
      // What was read stays on the page, with its time and why it is not newer.
      for (const follower of this.#followers) follower.fail(failure.code)
      const since = this.snapshot.no_contact_since ?? this.#answered
      this.#state.set({ live: 'offline', no_contact_since: since })
    } else {
      this.#state.set({ state: { phase: 'unreachable', code: failure.code } })
    }
    if (this.#open > 0) this.#later(POLL_MS)
  }

  async #putTeamKey(fingerprint: string, replace: boolean): Promise<Announced> {
    const announced = await this.ask((api) => api.putTeamKey(fingerprint, replace))
    this.#state.set({ team_key: announced.stands })
    return announced
  }

  /**
   * Empties the desk and ends the session on the server; the browser stays enrolled. Without a
   * network the desk is empty all the same, also after a reload.
   */
  async signOut(): Promise<void> {
    const api = this.#api
    this.#parts.signedOut.set()
    this.deskKey.forget()
    this.#close()
    this.#api = null
    this.#signingIn = null
    this.#stores.clear()
    this.#state.set({ state: { phase: 'signed_out' }, member: null, no_contact_since: null })
    await api?.signOut()
  }

  /** Signs in again where somebody signed out. */
  async signInAgain(): Promise<void> {
    this.#parts.signedOut.clear()
    await this.start()
  }

  applyUpdate(): Promise<void> {
    return this.#parts.applyUpdate()
  }

  /** Called by the browser's side when a new version waits. */
  updateReady(): void {
    this.#state.set({ update_ready: true })
  }
}
