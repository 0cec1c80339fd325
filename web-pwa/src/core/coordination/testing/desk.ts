/** A desk in tests: a session over a server that says what it was asked. */

import type { Failure } from '../../shared/failure.ts'
import type {
  AlertEntry,
  EstimateReport,
  HistoryEntry,
  PeopleReport,
  ProposalEntry,
  QuarantineEntry,
  Undo,
  View,
} from '../../shared/generated/api.ts'
import type { Role } from '../../shared/model.ts'
import type { Identity } from '../../shared/member.ts'
import type { CoordinationApi, Invitation, Listed } from '../api.ts'
import type { DeskKeys } from '../../shared/ports.ts'
import { CoordinationSession } from '../session.ts'

export const as = (role: Role): Identity => ({
  device: '00000000000000aa',
  role,
  organisation: { id: 'eu-teamet', name: 'EU-teamet' },
  label: '',
  token: 't',
  keys: {} as CryptoKeyPair,
})

const listed = <Row>(): Listed<Row> => ({ rows: [], all: 0 })

const KEY = new Uint8Array(32).fill(7)

/** A browser where every key lies sealed. */
const keys: DeskKeys = {
  fresh: () => KEY,
  find: async () => ({ sealed: true, next_at: null }),
  seal: async () => undefined,
  open: async () => KEY,
  drop: async () => undefined,
}

/** A server that answers each question with the cursor it has reached. */
export class Server implements CoordinationApi {
  cursor = 1
  signIns = 0
  asked: string[] = []
  failure: Failure | null = null
  /** Failures of single questions. */
  failures = new Map<string, Failure>()
  news: () => void = () => undefined
  connection: (state: 'open' | 'broken' | 'ended') => void = () => undefined
  listening = 0

  async #answer<T>(name: string, value: T): Promise<T> {
    this.asked.push(name)
    const failure = this.failure ?? this.failures.get(name)
    if (failure != null) throw failure
    return value
  }
  signIn = async () => {
    this.signIns += 1
    await this.#answer('signIn', null)
  }
  signOut = () => this.#answer('signOut', undefined)
  me = () =>
    this.#answer('me', {
      organisations: [],
      districts: [],
      drawn_places: 8,
      period_days: 28,
      numbers: [],
      phones: { idle_minutes: 5, hidden_seconds: 60, lease_days: 14 },
      period: null,
      role: 'coordinator' as const,
    })
  estimate = (period: string | null) =>
    this.#answer(`estimate ${period}`, { cursor: this.cursor } as EstimateReport)
  people = (period: string | null) =>
    this.#answer(`people ${period}`, { seen: this.cursor } as PeopleReport)
  periods = () => this.#answer('periods', [])
  incoming = () => this.#answer('incoming', [])
  draw = () =>
    this.#answer('draw', { period: '2026-11-01', drawn_at: null, seed: null, places: [] })
  drawPlaces = () =>
    this.#answer('drawPlaces', { period: '2026-11-01', drawn_at: null, seed: '7', places: [] })
  quarantine = () => this.#answer('quarantine', listed<QuarantineEntry>())
  settleQuarantined = (id: number, what: string) => this.#answer(`${what} ${id}`, undefined)
  devices = () => this.#answer('devices', [])
  invite = () => this.#answer('invite', {} as Invitation)
  alerts = () => this.#answer('alerts', { alerts: listed<AlertEntry>(), unheard: 0, floods: [] })
  proposals = () => this.#answer('proposals', listed<ProposalEntry>())
  decide = () => this.#answer('decide', undefined)
  putTeamKey = (stands: string) => this.#answer('putTeamKey', { stands, waits: false })
  acknowledge = () => this.#answer('acknowledge', undefined)
  feedback = () => this.#answer('feedback', listed<View>())
  handle = () => this.#answer('handle', undefined)
  revoke = () => this.#answer('revoke', undefined)
  history = (document: string, from: number) =>
    this.#answer(`history ${document} ${from}`, {
      rows: [{}, {}].slice(from) as HistoryEntry[],
      all: 2,
    })
  acts = () => this.#answer('acts', [])
  settleAct = (id: number, what: string) => this.#answer(`${what} act ${id}`, undefined)
  retention = () => this.#answer('retention', null)
  letRetentionGoOn = (anew: boolean) => this.#answer(`go on ${anew}`, undefined)
  previewUndo = (device: string, since: string) =>
    this.#answer(`preview ${device} ${since}`, {
      needs_second: false,
      documents: 0,
      changes: [],
      quarantined: 0,
    })
  undoDevice = (device: string, since: string) =>
    this.#answer(`undo ${device} ${since}`, 'begun' as const)
  undos = () => this.#answer('undos', listed<Undo>())
  takeBackUndo = (id: number) => this.#answer(`take back ${id}`, 'waits' as const)
  listen = (news: () => void, state: Server['connection']) => {
    this.news = news
    this.connection = state
    this.listening += 1
    return () => {
      this.listening -= 1
    }
  }
}

/** A browser at a desk, and its server. */
export class Desk {
  readonly server = new Server()
  identity: Identity | null = as('coordinator')
  invitation: string | null = null
  forgotten = false
  signedOut = false
  #timers = new Map<number, () => void>()
  #timer = 0

  /** Opens the desk, and waits until all is read that will be. */
  async open(): Promise<CoordinationSession> {
    const session = new CoordinationSession({
      readIdentity: async () => ({ identity: this.identity, erased: false }),
      enrolPhone: async () => (this.identity = as('coordinator')),
      invitationInAddress: () => this.invitation,
      leaveInvitation: () => {
        this.invitation = null
      },
      aboutInvitation: async () => ({
        role: 'coordinator',
        organisation: { id: 'eu-teamet', name: 'EU-teamet' },
      }),
      defaultLabel: () => '',
      apiOf: () => this.server,
      forget: async () => {
        this.forgotten = true
      },
      keys,
      signedOut: {
        set: () => (this.signedOut = true),
        clear: () => (this.signedOut = false),
        isSet: () => this.signedOut,
      },
      onOnline: () => undefined,
      applyUpdate: async () => undefined,
      now: () => 5,
      after: (_ms, call) => {
        const timer = (this.#timer += 1)
        this.#timers.set(timer, call)
        return () => this.#timers.delete(timer)
      },
    })
    session.open()
    await session.start()
    await settled()
    return session
  }

  /** Lets the time pass that is waited for. */
  async pass(): Promise<void> {
    const due = [...this.#timers.values()]
    this.#timers.clear()
    for (const call of due) call()
    await settled()
  }
}

/** Waits until nothing is under way. */
export async function settled(): Promise<void> {
  for (let i = 0; i < 80; i++) await Promise.resolve()
}
