/** The engine with the real core and the real storage code, against a server in memory. */

import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { Failure } from '../../shared/failure.ts'
import type { Intent } from '../intents.ts'
import * as lists from '../../shared/model.ts'
import { nightDate, nightOf } from '../../shared/night.ts'
import { loadedCore, park, Phone } from '../../../testing/phone.ts'
import { MemoryServer } from '../../../testing/server.ts'
import type { CoreModule } from '../wasm-types.ts'

let core: CoreModule
beforeAll(async () => {
  core = await loadedCore()
})

let server: MemoryServer
beforeEach(() => {
  server = new MemoryServer()
})

const enrolled = (n: number): Phone => new Phone(core, server, n)

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

describe('one phone', () => {
  test('what was saved is there after the app was killed', async () => {
    const phone = await enrolled(1).start()
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
    const phone = await enrolled(1).start()
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
    const phone = await enrolled(1).start()
    const { place } = await phone.do(park())
    phone.disk.failures = [new Failure('storage_full')]
    const count: Intent = { type: 'count', where: { place: place as string }, count: { adults: 4 } }
    await expect(phone.do(count)).rejects.toMatchObject({ code: 'storage_full' })
    expect((await phone.state()).documents).toHaveLength(1)
    const saved = await phone.do(count)
    expect(Object.keys((await phone.visit(saved.document)).counts)).toHaveLength(1)
  })

  test('what the core refuses leaves no trace, not even a part', async () => {
    const phone = await enrolled(1).start()
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
    const phone = await enrolled(1).start()
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
    const phone = await enrolled(1).start()
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
    const phone = await enrolled(1).start()
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
    const one = await enrolled(1).start()
    const two = await enrolled(2).start()
    await one.do(park())
    await one.sync()
    two.disk.failures = [new Failure('storage_lost')]
    await two.sync()
    expect(await two.state()).toMatchObject({ documents: [], sync: { received_at: null } })
    await two.sync()
    expect((await two.state()).documents).toHaveLength(1)
  })

  test('two phones at one place see each other’s counts; both values of a conflict stay', async () => {
    const one = await enrolled(1).start()
    const two = await enrolled(2).start()
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
    const phone = await enrolled(1).start()
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
    const phone = await enrolled(1).start()
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
    const phone = await enrolled(1).start()
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
