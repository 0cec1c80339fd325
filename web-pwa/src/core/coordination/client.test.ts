import { beforeEach, expect, test } from 'vitest'
import type { EstimateReport, Invitation, PeopleReport } from './coordination-core.ts'
import { Failure } from '../shared/failure.ts'
import type { Role } from '../shared/model.ts'
import type { Identity } from '../shared/member.ts'
import { CoordinationClient, type CoordinationApi, type CoordinationParts } from './client.ts'
import type { DeskKeys } from '../shared/ports.ts'

const as = (role: Role): Identity => ({
  device: '00000000000000aa',
  role,
  organisation: { id: 'eu-teamet', name: 'EU-teamet' },
  label: '',
  token: 't',
  keys: {} as CryptoKeyPair,
})

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
class Desk implements CoordinationApi {
  cursor = 1
  signIns = 0
  asked: string[] = []
  failure: Failure | null = null
  /** Failure of single questions. */
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
  drawPlaces = () => this.draw()
  quarantine = () => this.#answer('quarantine', [])
  settleQuarantined = (id: string | number, what: string) =>
    this.#answer(`${what} ${id}`, undefined)
  devices = () => this.#answer('devices', [])
  invite = () => this.#answer('invite', {} as Invitation)
  alerts = () => this.#answer('alerts', { alerts: [], unheard: 0, floods: [] })
  proposals = () => this.#answer('proposals', [])
  decide = () => this.#answer('decide', undefined)
  putTeamKey = (stands: string) => this.#answer('putTeamKey', { stands, waits: false })
  acknowledge = () => this.#answer('acknowledge', undefined)
  feedback = () => this.#answer('feedback', [])
  handle = () => this.#answer('handle', undefined)
  revoke = () => this.#answer('revoke', undefined)
  history = (document: string) => this.#answer(`history ${document}`, [])
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
  undos = () => this.#answer('undos', [])
  takeBackUndo = (id: number) => this.#answer(`take back ${id}`, 'waits' as const)
  listen = (news: () => void, state: Desk['connection']) => {
    this.news = news
    this.connection = state
    this.listening += 1
    return () => {
      this.listening -= 1
    }
  }
}

let desk: Desk
let identity: Identity | null
let invitation: string | null
let timers: Map<number, () => void>
let forgotten: boolean

beforeEach(() => {
  desk = new Desk()
  identity = as('coordinator')
  invitation = null
  timers = new Map()
  forgotten = false
})

async function opened(): Promise<CoordinationClient> {
  const parts: CoordinationParts = {
    readIdentity: async () => ({ identity, erased: false }),
    enrolPhone: async () => (identity = as('coordinator')),
    invitationInAddress: () => invitation,
    defaultLabel: () => '',
    apiOf: () => desk,
    forget: async () => {
      forgotten = true
    },
    keys,
    onOnline: () => undefined,
    applyUpdate: async () => undefined,
    now: () => 5,
    after: (_ms, call) => {
      const timer = timers.size + Math.random()
      timers.set(timer, call)
      return () => timers.delete(timer)
    },
  }
  const client = new CoordinationClient(parts)
  client.open()
  await client.start()
  await settled()
  return client
}

async function settled(): Promise<void> {
  for (let i = 0; i < 60; i++) await Promise.resolve()
}

async function pass(): Promise<void> {
  const due = [...timers.values()]
  timers.clear()
  for (const call of due) call()
  await settled()
}

test('a coordinator sees every part, after signing in once', async () => {
  const client = await opened()
  expect(client.snapshot).toMatchObject({
    state: { phase: 'ready' },
    report: { value: { cursor: 1 }, read_at: 5, problem: null },
    drawn_places: 8,
  })
  expect(desk.signIns).toBe(1)
})

test('an invitation makes a new browser a coordinator’s', async () => {
  identity = null
  expect((await opened()).snapshot.state).toEqual({ phase: 'not_enrolled' })
  invitation = 'CODE'
  expect((await opened()).snapshot.state).toEqual({ phase: 'ready' })
})

test('the duty service sees alerts, and asks for nothing else', async () => {
  identity = as('duty')
  const client = await opened()
  expect(client.snapshot.state).toEqual({ phase: 'ready' })
  expect(desk.asked.filter((name) => name !== 'signIn')).toEqual(['me', 'alerts'])
  await client.acknowledge('aa', 'Jouren', null)
  expect(desk.asked.slice(-2)).toEqual(['acknowledge', 'alerts'])
})

test('a worker is told, and asks nothing', async () => {
  identity = as('worker')
  expect((await opened()).snapshot.state).toEqual({ phase: 'forbidden' })
  expect(desk.asked).toEqual([])
})

test('news lead to reading again', async () => {
  const client = await opened()
  desk.connection('open')
  expect(client.snapshot.live).toBe('live')
  await pass()
  desk.cursor = 2
  desk.news()
  desk.news()
  await pass()
  expect(client.snapshot.report.value?.cursor).toBe(2)
})

test('without events it asks now and then', async () => {
  const client = await opened()
  desk.connection('broken')
  expect(client.snapshot.live).toBe('polling')
  desk.cursor = 3
  await pass()
  expect(client.snapshot.report.value?.cursor).toBe(3)
})

test('events that ended for good are begun anew', async () => {
  await opened()
  desk.connection('open')
  desk.connection('ended')
  expect(desk.listening).toBe(0)
  await pass()
  expect(desk.listening).toBe(1)
})

test('a session that ended is begun anew', async () => {
  const client = await opened()
  desk.failures.set('me', new Failure('token_unknown'))
  desk.signIn = async () => {
    desk.signIns += 1
    desk.failures.clear()
  }
  await client.refresh()
  expect(desk.signIns).toBe(2)
  expect(client.snapshot.report.problem).toBeNull()
})

test('what was read stays when the server is away; one part that fails takes no other along', async () => {
  const client = await opened()
  desk.failures.set('draw', new Failure('server_error'))
  desk.cursor = 2
  await client.refresh()
  expect(client.snapshot).toMatchObject({
    report: { value: { cursor: 2 }, problem: null },
    draw: { value: { seed: null }, problem: 'server_error' },
  })
  desk.failure = new Failure('unreachable')
  await client.refresh()
  expect(client.snapshot).toMatchObject({
    state: { phase: 'ready' },
    report: { value: { cursor: 2 }, problem: 'unreachable' },
  })
})

test('with nothing read and no server, it says so', async () => {
  desk.failure = new Failure('unreachable')
  expect((await opened()).snapshot.state).toEqual({ phase: 'unreachable', code: 'unreachable' })
})

test('a revoked browser forgets everything', async () => {
  const client = await opened()
  desk.failure = new Failure('device_revoked')
  await client.refresh()
  expect(client.snapshot).toMatchObject({ state: { phase: 'erased' }, report: { value: null } })
  expect(forgotten).toBe(true)
})

test('who signs out leaves no open key behind, with or without a network', async () => {
  const client = await opened()
  await client.deskKey.make('lykta barr skruv', false)
  expect(client.snapshot.team_key).toHaveLength(16)
  expect(client.deskKey.standing).toMatchObject({ state: 'here', sealed: true })
  desk.failures.set('signOut', new Failure('offline'))
  await expect(client.signOut()).rejects.toMatchObject({ code: 'offline' })
  await settled()
  expect(client.deskKey.standing).toEqual({ state: 'locked', next_at: null })
})

test('what was decided about a refused change is said, then the list is read anew', async () => {
  const client = await opened()
  await client.settleQuarantined(7, 'discard')
  expect(desk.asked.slice(-2)).toEqual(['discard 7', 'quarantine'])
  desk.failures.set('release 8', new Failure('still_refused'))
  await expect(client.settleQuarantined(8, 'release')).rejects.toMatchObject({
    code: 'still_refused',
  })
})

test('another period is read and stays shown', async () => {
  const client = await opened()
  await client.showPeriod('2026-10-01')
  await client.refresh()
  expect(desk.asked.filter((name) => name.startsWith('estimate')).slice(-2)).toEqual([
    'estimate 2026-10-01',
    'estimate 2026-10-01',
  ])
})

test('what is decided about a phone asks again with a new session', async () => {
  const client = await opened()
  desk.failures.set('undo a1 2026-11-27T18:00:00Z', new Failure('token_unknown'))
  const again = client.deciding.undoDevice('a1', '2026-11-27T18:00:00Z', true)
  await expect(again).rejects.toMatchObject({ code: 'token_unknown' })
  const asked = 'undo a1 2026-11-27T18:00:00Z'
  expect(desk.asked.slice(-3)).toEqual([asked, 'signIn', asked])
  expect(await client.deciding.takeBackUndo(1)).toBe('waits')
})
