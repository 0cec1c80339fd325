import { beforeEach, expect, test } from 'vitest'
import type { EngineApi, EngineChange, EngineEvent, EngineState } from '../engine/api.ts'
import type { Result } from '../failure.ts'
import { Failure, type Intent, type Saved, type Snapshot } from '../field-core.ts'
import type { Identity } from '../ports.ts'
import { DEVICE, engineDocument, id, NOW, placeView, samplePlace } from '../testing/samples.ts'
import { FieldClient, type ClientParts } from './client.ts'
import type { Tabs } from './link.ts'

const identity: Identity = {
  device: DEVICE,
  role: 'worker',
  organisation: { id: 'eu-teamet', name: 'EU-teamet' },
  label: 'Android',
  token: 't',
  keys: {} as CryptoKeyPair,
}

const ok = <T>(value: T): Promise<Result<T>> => Promise.resolve({ ok: true, value })

/** A browser with one origin: the lock, the channel, the stored identity, and an engine per leader. */
class Browser {
  identity: Identity | null = identity
  erased = false
  invitation: string | null = null
  enrolment: () => Promise<Identity> = () => Promise.resolve(identity)
  engines: FakeEngine[] = []
  startFailures: Failure[] = []
  leader: (() => void) | null = null
  waiting: (() => void)[] = []
  listeners = new Set<(event: EngineEvent) => void>()
  timers = new Map<number, () => void>()
  asleep = false
  /** Answers for a leader that was asleep at first. */
  answers: EngineApi | null = null
  #timer = 0

  tab(): FieldClient {
    const parts: ClientParts = {
      tabs: this.#tabs(),
      lacking: () => null,
      readIdentity: async () => ({ identity: this.identity, erased: this.erased }),
      enrolPhone: async () => {
        this.identity = await this.enrolment()
        return this.identity
      },
      invitationInAddress: () => {
        const code = this.invitation
        this.invitation = null
        return code
      },
      defaultLabel: () => 'Android',
      locate: async () => null,
      storageState: async () => ({ persisted: null, used: null, quota: null }),
      persist: async () => true,
      onNotice: () => undefined,
      applyUpdate: async () => undefined,
      online: () => true,
      now: () => NOW,
      after: (_ms, call) => {
        const timer = ++this.#timer
        this.timers.set(timer, call)
        return () => this.timers.delete(timer)
      },
    }
    return new FieldClient(parts)
  }

  #tabs(): Tabs {
    const take = (lost: () => void): void => {
      const before = this.leader
      this.leader = lost
      before?.()
    }
    return {
      startEngine: async () => {
        const failure = this.startFailures.shift()
        if (failure !== undefined) throw failure
        const engine = new FakeEngine(this, `engine${this.engines.length}`)
        this.engines.push(engine)
        engine.tell({ type: 'started' })
        return { api: engine, end: () => undefined, died: engine.died }
      },
      remoteEngine: () => {
        const engine = this.engines.at(-1)
        if (engine !== undefined && !this.asleep) return engine
        return { ...sleeping, state: () => this.answers?.state() ?? never() }
      },
      onEvent: (listener) => void this.listeners.add(listener),
      tryLead: async (lost) => {
        if (this.leader !== null) return false
        take(lost)
        return true
      },
      waitToLead: (lost) =>
        new Promise((resolve) => {
          this.waiting.push(() => {
            this.leader = lost
            resolve()
          })
        }),
      takeLead: async (lost) => take(lost),
    }
  }

  /** Lets time pass: all timers that are set now. */
  async pass(): Promise<void> {
    const due = [...this.timers.values()]
    this.timers.clear()
    for (const call of due) call()
    await settled()
  }
}

const never = (): Promise<never> => new Promise(() => undefined)
const sleeping: EngineApi = {
  state: never,
  dispatch: never,
  syncNow: never,
  notice: never,
  setDraft: never,
  erase: never,
}

class FakeEngine implements EngineApi {
  browser: Browser
  name: string
  serial = 0
  documents = [engineDocument(placeView(id(1), samplePlace('Bron')))]
  drafts: Record<string, unknown> = {}
  break: (detail: string) => void = () => undefined
  died = new Promise<string>((resolve) => {
    this.break = resolve
  })
  outcome: Result<{ saved: Saved; serial: number }> = {
    ok: true,
    value: {
      saved: { document: id(1), record: null, place: id(1), undo: null, at: NOW },
      serial: 2,
    },
  }

  constructor(browser: Browser, name: string) {
    this.browser = browser
    this.name = name
  }

  tell(change: EngineChange): void {
    this.serial += 1
    const event = { engine: this.name, serial: this.serial, change }
    for (const listener of this.browser.listeners) listener(event)
  }

  state = (): Promise<Result<EngineState>> =>
    ok({
      engine: this.name,
      serial: this.serial,
      documents: [...this.documents],
      coverage: [],
      draw: null,
      configuration: null,
      sync: {
        online: true,
        busy: false,
        waiting: 0,
        waiting_since: null,
        received_at: null,
        problem: null,
        clock_off: false,
        next_at: null,
        rejected: [],
      },
      drafts: this.drafts,
    })
  dispatch = (_intent: Intent) => Promise.resolve(this.outcome)
  syncNow = () => ok(null)
  notice = () => ok(null)
  setDraft = (key: string, value: unknown) => {
    this.drafts[key] = value
    return ok(null)
  }
  erase = () => ok(null)
}

async function settled(): Promise<void> {
  for (let i = 0; i < 20; i++) await Promise.resolve()
}

const phase = (client: FieldClient): Snapshot['state'] => client.snapshot.state
const names = (client: FieldClient): string[] =>
  client.places({ order: 'name' }, NOW).map((row) => row.name)

let browser: Browser
beforeEach(() => {
  browser = new Browser()
})

async function opened(): Promise<FieldClient> {
  const client = browser.tab()
  await client.start()
  await settled()
  return client
}

test('an enrolled phone starts, leads, and shows what is there', async () => {
  const client = await opened()
  expect(phase(client)).toEqual({ phase: 'ready' })
  expect(client.snapshot).toMatchObject({ leader: true, member: { role: 'worker' } })
  expect(names(client)).toEqual(['Bron'])
})

test('a phone that is nobody says so; one that was erased says that', async () => {
  browser.identity = null
  expect(phase(await opened())).toEqual({ phase: 'not_enrolled' })
  browser.erased = true
  expect(phase(await opened())).toEqual({ phase: 'erased' })
})

test('an invitation in the address is used; a refused one says whether trying again helps', async () => {
  browser.identity = null
  browser.invitation = 'CODE'
  browser.enrolment = () => Promise.reject(new Failure('unreachable'))
  const client = await opened()
  expect(phase(client)).toEqual({
    phase: 'enrolling',
    failure: { code: 'unreachable', retry: true },
  })
  browser.enrolment = () => Promise.resolve(identity)
  await client.enrol('', '')
  expect(phase(client)).toEqual({ phase: 'ready' })
})

test('an invitation on an enrolled phone is left alone', async () => {
  browser.invitation = 'CODE'
  const client = await opened()
  expect(phase(client)).toMatchObject({ phase: 'enrolling', failure: { code: 'already_enrolled' } })
  await client.restart()
  expect(phase(client)).toEqual({ phase: 'ready' })
})

test('changes are followed; a missed one leads to reading everything anew', async () => {
  const client = await opened()
  const engine = browser.engines[0] as FakeEngine
  const add = (n: number, name: string): EngineChange => {
    const document = engineDocument(placeView(id(n), samplePlace(name)))
    engine.documents.push(document)
    return { type: 'data', documents: [document], removed: [], coverage: [], draw: null }
  }
  engine.tell(add(2, 'Parken'))
  expect(names(client)).toEqual(['Bron', 'Parken'])
  add(3, 'Torget')
  engine.serial += 1 // told, but never arrived
  engine.tell(add(4, 'Ön'))
  await settled()
  expect(names(client)).toEqual(['Bron', 'Parken', 'Torget', 'Ön'])
})

test('a second tab follows, and leads when the first is gone', async () => {
  await opened()
  const second = await opened()
  expect(phase(second)).toEqual({ phase: 'ready' })
  expect(second.snapshot.leader).toBe(false)
  expect(names(second)).toEqual(['Bron'])
  browser.waiting.shift()?.()
  await settled()
  expect(second.snapshot.leader).toBe(true)
  expect(browser.engines).toHaveLength(2)
})

test('a tab that opens while another is about to lead does not wait for long', async () => {
  browser.leader = () => undefined
  browser.asleep = true
  const client = browser.tab()
  const starting = client.start()
  await settled()
  expect(phase(client)).toEqual({ phase: 'starting' })
  const engine = new FakeEngine(browser, 'young')
  browser.answers = engine
  engine.tell({ type: 'started' })
  await starting
  expect(phase(client)).toEqual({ phase: 'ready' })
})

test('a leader that sleeps can be taken over from', async () => {
  const first = await opened()
  browser.asleep = true
  const second = browser.tab()
  const starting = second.start()
  await settled()
  await browser.pass()
  await starting
  expect(phase(second)).toEqual({ phase: 'elsewhere' })
  browser.asleep = false
  await second.takeOver()
  await settled()
  expect(second.snapshot).toMatchObject({ leader: true, state: { phase: 'ready' } })
  expect(first.snapshot.leader).toBe(false)
  expect(names(first)).toEqual(['Bron'])
})

test('a broken engine is started anew; after several the person is asked', async () => {
  const client = await opened()
  browser.engines[0]?.break('trap')
  await settled()
  await browser.pass()
  expect(browser.engines).toHaveLength(2)
  expect(phase(client)).toEqual({ phase: 'ready' })
  browser.startFailures = Array.from({ length: 4 }, () => new Failure('core_crashed'))
  browser.engines[1]?.break('trap')
  await settled()
  for (let i = 0; i < 5; i++) await browser.pass()
  expect(phase(client)).toMatchObject({ phase: 'failed', code: 'core_crashed' })
  browser.startFailures = []
  await client.restart()
  expect(phase(client)).toEqual({ phase: 'ready' })
})

test('what fails to be saved is told', async () => {
  const client = await opened()
  const engine = browser.engines[0] as FakeEngine
  engine.outcome = { ok: false, code: 'storage_full', detail: '' }
  const saving = client.dispatch({ type: 'count', where: { place: id(1) }, count: {} })
  await expect(saving).rejects.toMatchObject({ code: 'storage_full' })
})

test('what is said to be saved is there to be seen', async () => {
  const client = await opened()
  const engine = browser.engines[0] as FakeEngine
  let saved = false
  const saving = client
    .dispatch({ type: 'count', where: { place: id(1) }, count: {} })
    .then(() => (saved = true))
  await settled()
  expect(saved).toBe(false)
  const document = engineDocument(placeView(id(2), samplePlace('Parken')))
  engine.tell({ type: 'data', documents: [document], removed: [], coverage: [], draw: null })
  await saving
  expect(names(client)).toEqual(['Bron', 'Parken'])
})

test('an erased phone shows nothing any more', async () => {
  const client = await opened()
  browser.engines[0]?.tell({ type: 'erased', reason: 'revoked' })
  expect(phase(client)).toEqual({ phase: 'erased' })
  expect(client.snapshot.member).toBeNull()
  expect(names(client)).toEqual([])
})

test('an erased phone can be enrolled again in the same tab', async () => {
  const client = await opened()
  browser.engines[0]?.tell({ type: 'erased', reason: 'asked' })
  await client.enrol('CODE', 'Android')
  await settled()
  expect(client.snapshot).toMatchObject({ state: { phase: 'ready' }, leader: true })
  expect(browser.engines).toHaveLength(2)
})

test('drafts outlive the tab', async () => {
  const client = await opened()
  client.setDraft('count', { adults: 3 })
  client.setDraft('note', 'a')
  client.clearDraft('note')
  await browser.pass()
  expect(browser.engines[0]?.drafts).toEqual({ count: { adults: 3 }, note: null })
  const next = await opened()
  expect(next.draft('count')).toEqual({ adults: 3 })
  expect(next.draft('note')).toBeNull()
})

test('listeners are told once a turn', async () => {
  const client = await opened()
  let told = 0
  const stop = client.subscribe(() => (told += 1))
  browser.engines[0]?.tell({ type: 'data', documents: [], removed: [], coverage: [], draw: null })
  browser.engines[0]?.tell({ type: 'data', documents: [], removed: [], coverage: [], draw: null })
  await settled()
  expect(told).toBe(1)
  stop()
})
