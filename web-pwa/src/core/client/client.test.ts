import { beforeEach, expect, test } from 'vitest'
import type { EngineApi, EngineChange, EngineEvent, EngineState } from '../engine/api.ts'
import type { Result } from '../failure.ts'
import { Failure, type Intent, type Saved, type Snapshot } from '../field-core.ts'
import type { LockMessage, Locker } from '../lock/port.ts'
import type { DataKey, Identity } from '../ports.ts'
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
  /** Whether a lock is set; `key` opens it. */
  locked = true
  key = { type: 'secret' } as DataKey
  wrong = false
  /** Tabs that were told of the lock. */
  lockListeners = new Set<(message: LockMessage) => void>()
  /** A tab that is not tested has the key and hands it over. */
  handsOver = true
  waiting_documents = 0
  now = NOW
  touch: () => void = () => undefined
  visible = true
  marked = false
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
      locker: this.#locker(),
      readIdentity: async () => ({
        identity: this.locked ? null : this.identity,
        sealed: this.locked && this.identity !== null,
        erased: this.erased,
      }),
      enrolPhone: async () => {
        this.identity = await this.enrolment()
        this.locked = false
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
      marker: {
        set: () => void (this.marked = true),
        clear: () => void (this.marked = false),
        isSet: () => this.marked,
      },
      visible: () => this.visible,
      onTouch: (listener) => {
        this.touch = listener
      },
      id: () => 'call',
      now: () => this.now,
      after: (_ms, call) => {
        const timer = ++this.#timer
        this.timers.set(timer, call)
        return () => this.timers.delete(timer)
      },
    }
    return new FieldClient(parts)
  }

  #locker(): Locker {
    let own: (message: LockMessage) => void = () => undefined
    const open = async (): Promise<DataKey> => {
      if (this.wrong) throw new Failure('passphrase_wrong')
      return this.key
    }
    return {
      state: async () => ({
        set: this.locked,
        passkey: false,
        next_at: null,
        made_at: this.locked ? NOW : null,
        waiting: { documents: this.waiting_documents, since: null, envelope: null },
        numbers: [{ id: 'x', name_sv: 'Jouren', name_en: 'Duty', number: '1' }],
      }),
      setUp: async () => {
        this.locked = true
        return this.key
      },
      open,
      openByPasskey: open,
      warm: () => undefined,
      canPasskey: async () => false,
      addPasskey: async () => undefined,
      removePasskey: async () => undefined,
      change: async () => undefined,
      identity: async () => this.identity ?? identity,
      erase: async () => {
        this.identity = null
      },
      post: (message) => {
        if (message.type === 'ask' && this.handsOver) own({ type: 'unlocked', key: this.key })
        for (const listener of this.lockListeners) if (listener !== own) listener(message)
      },
      listen: (listener) => {
        own = listener
        this.lockListeners.add(listener)
      },
    }
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
      warm: () => undefined,
      announce: () => undefined,
      onEvent: (listener) => void this.listeners.add(listener),
      anybody: async () => this.leader !== null || this.handsOver,
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
  asked: string[] = []
  silent = false
  dispatch = (_intent: Intent, call: string) => {
    this.asked.push(call)
    return this.silent ? never() : Promise.resolve(this.outcome)
  }
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

test('a phone whose storage the browser threw away says that', async () => {
  await opened()
  browser.identity = null
  expect(phase(await opened())).toEqual({ phase: 'evicted' })
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
  expect(phase(client)).toEqual({ phase: 'securing', before: false })
  await client.lock.secure('lykta barr fjäril')
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
  await client.lock.secure('lykta barr fjäril')
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

const count: Intent = { type: 'count', where: { place: id(1) }, count: {} }

test('a save whose engine dies is asked of the next one, once, by the same name', async () => {
  const client = await opened()
  const first = browser.engines[0] as FakeEngine
  first.silent = true
  const saving = client.dispatch(count)
  await settled()
  first.break('trap')
  await settled()
  await browser.pass()
  await browser.pass()
  await expect(saving).resolves.toMatchObject({ document: id(1) })
  expect(first.asked).toEqual(['call'])
  expect(browser.engines[1]?.asked).toEqual(['call'])
})

test('a save in flight while this tab comes to lead is not given up', async () => {
  await opened()
  const second = await opened()
  const old = browser.engines[0] as FakeEngine
  old.silent = true
  const saving = second.dispatch(count)
  await settled()
  // The tab that led is gone before it has answered.
  browser.waiting.shift()?.()
  await settled()
  await browser.pass()
  await expect(saving).resolves.toMatchObject({ document: id(1) })
  expect(browser.engines[1]?.asked).toEqual(['call'])
})

test('a leader that never answers is given up in the end', async () => {
  await opened()
  const second = await opened()
  const old = browser.engines[0] as FakeEngine
  old.silent = true
  const saving = expect(second.dispatch(count)).rejects.toMatchObject({ code: 'no_leader' })
  await settled()
  await browser.pass()
  await saving
})

test('a locked phone shows nothing, says what waits, and opens with the passphrase', async () => {
  browser.handsOver = false
  browser.waiting_documents = 2
  const client = browser.tab()
  const starting = client.start()
  await settled()
  await browser.pass()
  await starting
  expect(phase(client)).toEqual({ phase: 'locked', invited: false })
  expect(client.snapshot).toMatchObject({
    member: null,
    lock: { waiting: { documents: 2 } },
    configuration: { numbers: [{ name_sv: 'Jouren' }] },
  })
  expect(browser.engines).toHaveLength(0)
  await expect(client.dispatch(count)).rejects.toMatchObject({ code: 'not_ready' })
  browser.wrong = true
  await expect(client.lock.unlock('fel')).rejects.toMatchObject({ code: 'passphrase_wrong' })
  expect(phase(client)).toMatchObject({ phase: 'locked' })
  browser.wrong = false
  await client.lock.unlock('rätt')
  expect(phase(client)).toEqual({ phase: 'ready' })
  expect(names(client)).toEqual(['Bron'])
})

test('nobody touches the phone: every tab locks, and what was typed is kept first', async () => {
  const client = await opened()
  const second = await opened()
  browser.handsOver = false
  client.setDraft('count', { adults: 3 })
  browser.now += 6 * 60_000
  await browser.pass()
  await settled()
  expect(phase(client)).toMatchObject({ phase: 'locked' })
  expect(phase(second)).toMatchObject({ phase: 'locked' })
  expect(browser.engines[0]?.drafts).toEqual({ count: { adults: 3 } })
  expect(names(client)).toEqual([])
  expect(client.draft('count')).toBeNull()
  // One of them is opened: so are both.
  await second.lock.unlock('rätt')
  await settled()
  expect(phase(client)).toEqual({ phase: 'ready' })
  expect(names(second)).toEqual(['Bron'])
})

test('a phone that is touched does not lock', async () => {
  const client = await opened()
  for (let i = 0; i < 6; i++) {
    browser.now += 60_000
    browser.touch()
    await browser.pass()
  }
  expect(phase(client)).toEqual({ phase: 'ready' })
})

test('a phone that has not reached the server shows nothing until it has', async () => {
  const client = await opened()
  browser.now += 15 * 86_400_000
  browser.touch()
  const engine = browser.engines[0] as FakeEngine
  const { sync } = client.snapshot
  engine.tell({ type: 'sync', sync })
  expect(phase(client)).toEqual({ phase: 'lease', days: 15 })
  engine.tell({ type: 'sync', sync: { ...sync, received_at: browser.now } })
  expect(phase(client)).toEqual({ phase: 'ready' })
})

test('a phone that was enrolled before there were locks is asked, and may wait', async () => {
  browser.locked = false
  const client = await opened()
  expect(phase(client)).toEqual({ phase: 'securing', before: true })
  await client.lock.postpone()
  expect(phase(client)).toEqual({ phase: 'ready' })
  await client.lock.secure('lykta barr fjäril')
  await settled()
  expect(phase(client)).toEqual({ phase: 'ready' })
})

test('without the passphrase, a new link starts over', async () => {
  browser.handsOver = false
  browser.invitation = 'CODE'
  const client = browser.tab()
  const starting = client.start()
  await settled()
  await browser.pass()
  await starting
  expect(phase(client)).toEqual({ phase: 'locked', invited: true })
  await client.lock.forget()
  expect(phase(client)).toEqual({ phase: 'securing', before: false })
})
