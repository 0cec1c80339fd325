/// <reference types="node" />
/** The engine with the real core and the real storage code, against a server in memory. */

import { readFile } from 'node:fs/promises'
import 'fake-indexeddb/auto'
import { IDBFactory } from 'fake-indexeddb'
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { IndexedDbStore } from '$platform/store.ts'
import { openVault } from '$platform/lock/vault.ts'
import { withDatabase } from '$platform/database.ts'
import { envelopeIn } from '$platform/outbox.ts'
import { DEFAULT_CONFIGURATION } from '../defaults.ts'
import { unwrap } from '../failure.ts'
import { Failure, type Intent } from '../field-core.ts'
import * as lists from '../model.ts'
import type { Visit } from '../model.ts'
import { nightDate, nightOf } from '../night.ts'
import type { Batch, World } from '../ports.ts'
import { MemoryServer } from '../testing/server.ts'
import type { CoreModule } from '../wasm-types.ts'
import type { EngineChange, EngineState } from './api.ts'
import { Engine } from './engine.ts'

let core: CoreModule
beforeAll(async () => {
  const module = await import('../../wasm/lagesbild_wasm.js')
  const bytes = await readFile(new URL('../../wasm/lagesbild_wasm_bg.wasm', import.meta.url))
  await module.default({ module_or_path: bytes })
  core = module as unknown as CoreModule
})

let server: MemoryServer
beforeEach(() => {
  server = new MemoryServer()
})

/** Storage that can be told to fail. */
class Disk extends IndexedDbStore {
  failures: Failure[] = []
  override async write(batch: Batch): Promise<void> {
    const failure = this.failures.shift()
    if (failure !== undefined) throw failure
    await super.write(batch)
  }
}

/** A phone with its own storage. Time stands still unless it is moved; nothing is sent unless asked. */
class Phone {
  device: string
  now = Date.UTC(2026, 10, 20, 21)
  engine!: Engine
  disk!: Disk
  changes: EngineChange[] = []
  /** What the server would have envelopes sealed with. */
  key: string | null = null
  /** The requests that were left sealed for the server. */
  sealed: Uint8Array[] = []
  whileSealing: () => void = () => undefined
  #indexedDB = new IDBFactory()
  #random = 1

  constructor(n: number) {
    this.device = n.toString(16).padStart(16, '0')
  }

  /** Starts, or starts anew after the app was killed: what is not on disk is gone. */
  async start(): Promise<this> {
    globalThis.indexedDB = this.#indexedDB
    this.disk = new Disk(openVault)
    this.engine = new Engine({
      core,
      store: this.disk,
      identity: { device: this.device, organisation: { id: 'eu-teamet', name: 'EU-teamet' } },
      world: this.#world(),
      signer: { sign: async () => new Uint8Array(64) },
      seal: async (key, request) => {
        this.sealed.push(request)
        this.whileSealing()
        return new TextEncoder().encode(`${key} ${this.sealed.length}`)
      },
      transport: {
        sync: async (body) => server.exchange(this.device, body),
        me: async () => {
          if (this.key === null) throw new Failure('unreachable')
          const { read_at: _, ...known } = DEFAULT_CONFIGURATION
          return { ...known, role: 'worker', envelope_key: this.key }
        },
      },
      tell: (event) => this.changes.push(event.change),
    })
    await this.engine.start({ crashes: 0, online: true, visible: true })
    return this
  }

  #world(): World {
    return {
      now: () => this.now,
      random: () => 0.5,
      hex: (bytes) =>
        Array.from({ length: bytes }, () => {
          this.#random =
            (this.#random * 1_103_515_245 + 12_345 + Number(`0x${this.device}`)) % 2 ** 31
          return ((this.#random >> 8) & 0xff).toString(16).padStart(2, '0')
        }).join(''),
      after: () => () => undefined,
    }
  }

  async do(intent: Intent) {
    globalThis.indexedDB = this.#indexedDB
    this.now += 1000
    return unwrap(await this.engine.dispatch(intent, `call${this.now}`)).saved
  }

  async sync(): Promise<void> {
    globalThis.indexedDB = this.#indexedDB
    this.now += 1000
    server.now = this.now
    unwrap(await this.engine.syncNow())
  }

  async state(): Promise<EngineState> {
    return unwrap(await this.engine.state())
  }

  async visit(id: string): Promise<Visit> {
    const found = (await this.state()).documents.find((d) => d.view.document === id)?.view
    if (found?.kind !== 'visit') throw new Error('no visit')
    return found.content
  }
}

const park = (name = 'Parken'): Intent => ({
  type: 'new_place',
  place: { name, place_type: 'park', district: 'farsta', position: null },
})

test('the codes of the core are those of the app', () => {
  const own: Record<string, readonly string[]> = {
    access: lists.ACCESSES,
    basis: lists.BASES,
    group: lists.GROUPS,
    method: lists.METHODS,
    sleeping: lists.SLEEPINGS,
    language: lists.LANGUAGES,
    need: lists.NEEDS,
    topic: lists.TOPICS,
    contact: lists.CONTACTS,
    met_before: lists.MET_BEFORES,
    place_type: lists.PLACE_TYPES,
    place_state: lists.PLACE_STATES,
    callee: lists.CALLEES,
    outcome: lists.OUTCOMES,
    handling: lists.HANDLINGS,
    kind: lists.KINDS,
  }
  const codes = core.codes()
  for (const [list, expected] of Object.entries(codes)) {
    expect(own[list], list).toEqual(expected)
  }
  expect(Object.keys(codes).length).toBeGreaterThan(10)
})

test('the core and the app agree on nights', () => {
  for (let at = Date.UTC(2026, 2, 27); at < Date.UTC(2026, 3, 1); at += 1_234_567) {
    expect(core.night_of(at)).toBe(nightDate(nightOf(at)))
  }
})

describe('what is left for the browser to send', () => {
  const left = () => withDatabase(envelopeIn)
  const unreachable = { failure: new Failure('unreachable'), after: false }

  async function away(): Promise<Phone> {
    const phone = await new Phone(1).start()
    phone.key = 'K'
    await phone.sync()
    return phone
  }

  test('is what waits when the app goes out of sight, and reaches the server', async () => {
    const phone = await away()
    await phone.do(park())
    expect(await left()).toBeNull()
    unwrap(await phone.engine.notice('hidden'))
    const envelope = new TextEncoder().encode('K 1')
    expect(await left()).toEqual({ envelope, whole: true, sent_at: null })
    expect(phone.changes.at(-1)).toEqual({ type: 'left' })
    // The browser sends it; what the phone itself sends later is no second place.
    server.exchange(phone.device, phone.sealed[0] as Uint8Array)
    expect(server.log).toHaveLength(1)
    expect((await phone.state()).sync.waiting).toBe(1)
    await phone.sync()
    expect(server.log).toHaveLength(1)
    expect((await phone.state()).sync.waiting).toBe(0)
    expect(await left()).toBeNull()
  })

  test('holds what was tapped just before', async () => {
    const phone = await away()
    const saving = phone.do(park())
    unwrap(await phone.engine.notice('hidden'))
    await saving
    expect(await left()).toMatchObject({ whole: true })
    // Nothing is sealed twice.
    unwrap(await phone.engine.notice('hidden'))
    expect(phone.sealed).toHaveLength(1)
  })

  test('is not what a save that was just written lacks', async () => {
    const phone = await away()
    await phone.do(park())
    // Sealing takes its time, and somebody saves meanwhile.
    let saving: Promise<unknown> = Promise.resolve()
    phone.whileSealing = () => {
      saving = phone.do(park('Kajen'))
    }
    unwrap(await phone.engine.notice('hidden'))
    await saving
    expect(await left()).toBeNull()
  })

  test('does not claim to hold what the server refused', async () => {
    const phone = await away()
    const { place } = await phone.do(park())
    server.refusals.set(place as string, 'clock_ahead')
    await phone.sync()
    await phone.do(park('Kajen'))
    unwrap(await phone.engine.notice('hidden'))
    expect(await left()).toMatchObject({ whole: false })
  })

  test('goes with the next save, which is not in it', async () => {
    const phone = await away()
    await phone.do(park())
    unwrap(await phone.engine.notice('hidden'))
    await phone.do(park('Kajen'))
    expect(await left()).toBeNull()
    unwrap(await phone.engine.notice('hidden'))
    expect(phone.sealed).toHaveLength(2)
    expect(await left()).not.toBeNull()
  })

  test('is nothing when nothing waits, or the server cannot open it', async () => {
    const phone = await away()
    unwrap(await phone.engine.notice('hidden'))
    expect(await left()).toBeNull()
    const older = await new Phone(2).start()
    server.failures.push(unreachable)
    await older.sync()
    await older.do(park())
    unwrap(await older.engine.notice('hidden'))
    expect(older.sealed).toEqual([])
  })
})

describe('one phone', () => {
  test('what was saved is there after the app was killed', async () => {
    const phone = await new Phone(1).start()
    const { place } = await phone.do(park())
    const saved = await phone.do({
      type: 'count',
      where: { place: place as string },
      count: { adults: 4, sleeping: 'tent' },
      visit: { note: 'kallt' },
    })
    const again = await phone.start()
    const visit = await again.visit(saved.document)
    expect(visit.counts[saved.record as string]).toMatchObject({ adults: 4, sleeping: 'tent' })
    expect(visit.note).toBe('kallt')
    expect((await again.state()).sync.waiting).toBe(2)
    // And it can be built upon.
    const { saved: more } = {
      saved: await again.do({
        type: 'encounter',
        where: { place: place as string },
        encounter: { languages: ['ro'], needs: ['health'], information: { rights: '' } },
      }),
    }
    expect(more.document).toBe(saved.document)
    expect(Object.values((await again.visit(more.document)).encounters)[0]).toMatchObject({
      languages: ['ro'],
      needs: ['health'],
      information: { rights: '' },
    })
  })

  test('undo takes back, and nothing else', async () => {
    const phone = await new Phone(1).start()
    const { place } = await phone.do(park())
    const where = { place: place as string }
    const first = await phone.do({ type: 'count', where, count: { adults: 4 } })
    const second = await phone.do({ type: 'count', where, count: { adults: 9 } })
    if (second.undo === null) throw new Error('no undo')
    await phone.do({ type: 'undo', undo: second.undo })
    const visit = await phone.visit(first.document)
    expect(visit.counts[second.record as string]?.withdrawn).toBe(true)
    expect(visit.counts[first.record as string]?.withdrawn).toBe(false)
    expect(visit.withdrawn).toBe(false)
  })

  test('what cannot be stored is not said to be saved, and the phone goes on', async () => {
    const phone = await new Phone(1).start()
    const { place } = await phone.do(park())
    phone.disk.failures = [new Failure('storage_full')]
    const count: Intent = { type: 'count', where: { place: place as string }, count: { adults: 4 } }
    await expect(phone.do(count)).rejects.toMatchObject({ code: 'storage_full' })
    expect((await phone.state()).documents).toHaveLength(1)
    const saved = await phone.do(count)
    expect(Object.keys((await phone.visit(saved.document)).counts)).toHaveLength(1)
  })

  test('what the core refuses leaves no trace, not even a part', async () => {
    const phone = await new Phone(1).start()
    const count: Intent = {
      type: 'count',
      where: { new_place: { name: 'X', place_type: 'park', district: '', position: null } },
      count: { adults: 1_000_000 },
    }
    await expect(phone.do(count)).rejects.toMatchObject({ code: 'invalid' })
    expect((await phone.state()).documents).toEqual([])
    await phone.do(park())
    expect((await phone.state()).documents).toHaveLength(1)
  })

  test('many edits are compacted and still read', async () => {
    const phone = await new Phone(1).start()
    const { place } = await phone.do(park())
    const where = { place: place as string }
    let document = ''
    for (let i = 0; i < 30; i++) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other is the point
      document = (await phone.do({ type: 'count', where, count: { adults: i } })).document
    }
    expect((await phone.disk.chunks(document)).length).toBeLessThan(25)
    await phone.start()
    expect(Object.keys((await phone.visit(document)).counts)).toHaveLength(30)
    await phone.do({ type: 'count', where, count: { adults: 30 } })
    expect(Object.keys((await phone.visit(document)).counts)).toHaveLength(31)
  })
})

describe('with the server', () => {
  test('saved, waiting, received', async () => {
    const phone = await new Phone(1).start()
    await phone.do(park())
    expect((await phone.state()).sync).toMatchObject({ waiting: 1, received_at: null })
    await phone.sync()
    const { sync } = await phone.state()
    expect(sync).toMatchObject({ waiting: 0, waiting_since: null, received_at: phone.now })
    expect(server.log).toHaveLength(1)
    await phone.start()
    expect((await phone.state()).sync).toMatchObject({ waiting: 0, received_at: phone.now })
  })

  test('a lost request and a lost reply change nothing in the end', async () => {
    const phone = await new Phone(1).start()
    await phone.do(park())
    const failure = new Failure('unreachable')
    server.failures = [
      { failure, after: false },
      { failure, after: true },
    ]
    await phone.sync()
    expect((await phone.state()).sync).toMatchObject({
      waiting: 1,
      problem: { code: 'unreachable' },
    })
    await phone.sync()
    expect((await phone.state()).sync.waiting).toBe(1)
    await phone.start()
    await phone.sync()
    expect((await phone.state()).sync).toMatchObject({ waiting: 0 })
    expect(server.log).toHaveLength(1)
  })

  test('a reply that could not be stored is not "received", and comes again', async () => {
    const one = await new Phone(1).start()
    const two = await new Phone(2).start()
    await one.do(park())
    await one.sync()
    two.disk.failures = [new Failure('storage_lost')]
    await two.sync()
    expect(await two.state()).toMatchObject({ documents: [], sync: { received_at: null } })
    await two.sync()
    expect((await two.state()).documents).toHaveLength(1)
  })

  test('two phones at one place see each other’s counts; both values of a conflict stay', async () => {
    const one = await new Phone(1).start()
    const two = await new Phone(2).start()
    const { place } = await one.do(park())
    const where = { place: place as string }
    const { document, record } = await one.do({ type: 'count', where, count: { adults: 4 } })
    await one.sync()
    await two.sync()
    expect((await two.do({ type: 'count', where, count: { adults: 5 } })).document).toBe(document)

    const base = (await one.visit(document)).counts[record as string]
    if (base === undefined) throw new Error('no count')
    const edit = (adults: number): Intent => ({
      type: 'edit_count',
      document,
      record: record as string,
      base,
      change: { adults },
    })
    await one.do(edit(6))
    await two.do(edit(7))
    await one.sync()
    await two.sync()
    await one.sync()
    expect(await one.visit(document)).toEqual(await two.visit(document))
    expect(Object.keys((await one.visit(document)).counts)).toHaveLength(2)

    const conflict = async (phone: Phone) =>
      (await phone.state()).documents.find((d) => d.view.document === document)?.view.conflicts
    const [found] = (await one.state()).documents
      .filter((d) => d.view.document === document)
      .flatMap((d) => d.view.conflicts)
    expect(found?.path).toEqual(['counts', record, 'adults'])
    expect(found?.values.map((v) => v.value).toSorted()).toEqual([6, 7])
    expect(found?.values.map((v) => v.device).toSorted()).toEqual([one.device, two.device])
    const chosen = found?.values.find((v) => v.value === 6)
    await one.do({ type: 'choose', document, path: found?.path ?? [], op: chosen?.op ?? '' })
    await one.sync()
    await two.sync()
    expect(await conflict(two)).toEqual([])
    expect((await two.visit(document)).counts[record as string]?.adults).toBe(6)
  })

  test('one refused document does not hold back the others, and stays', async () => {
    const phone = await new Phone(1).start()
    const bad = await phone.do(park('Fel'))
    await phone.do(park('Rätt'))
    server.refusals.set(bad.document, 'invalid')
    await phone.sync()
    const { sync, documents } = await phone.state()
    expect(sync).toMatchObject({
      waiting: 0,
      rejected: [{ document: bad.document, code: 'invalid' }],
    })
    expect(documents).toHaveLength(2)
    const before = server.requests
    await phone.sync()
    expect(server.requests).toBe(before + 1)
  })

  test('erased documents go; a server from a backup gets everything again', async () => {
    const phone = await new Phone(1).start()
    const gone = await phone.do(park('Bort'))
    await phone.do(park('Kvar'))
    await phone.sync()
    server.purged = [gone.document]
    await phone.sync()
    expect((await phone.state()).documents.map((d) => d.view.content)).toMatchObject([
      { name: 'Kvar' },
    ])
    expect(await phone.disk.chunks(gone.document)).toEqual([])

    server.purged = []
    server.log = []
    server.epoch = 2
    await phone.sync()
    await phone.sync()
    expect(server.log).toHaveLength(1)
    expect((await phone.state()).sync.waiting).toBe(0)
  })

  test('a revoked phone erases itself', async () => {
    const phone = await new Phone(1).start()
    await phone.do(park())
    server.failures = [{ failure: new Failure('device_revoked'), after: false }]
    await phone.sync()
    expect(phone.changes.at(-2)).toEqual({ type: 'erased', reason: 'revoked' })
    expect((await phone.disk.load()).documents).toEqual([])
    const requests = server.requests
    await phone.sync()
    expect(server.requests).toBe(requests)
  })
})
