import 'fake-indexeddb/auto'
import { IDBFactory } from 'fake-indexeddb'
import { beforeEach, expect, test } from 'vitest'
import { DEFAULT_CONFIGURATION } from '$core/outreach/defaults.ts'
import type { Batch } from '$core/outreach/ports.ts'
import { id, placeView, row, samplePlace, writes } from '../testing/samples.ts'
import type { Chunk, Writes } from '$core/outreach/wasm-types.ts'
import { IndexedDbStore } from './store.ts'
import { openVault } from './lock/vault.ts'

beforeEach(() => {
  globalThis.indexedDB = new IDBFactory()
})

function batch(change: Partial<Writes>, rest: Partial<Batch> = {}): Batch {
  const all = writes(change)
  return {
    writes: all,
    documents: all.documents.map((r) => ({ row: r, waiting_since: 7 })),
    coverage: [],
    received_at: null,
    waiting: { documents: 0, since: null },
    done: null,
    clock: { errors: [], latest: 0 },
    ...rest,
  }
}

const chunk = (document: string, sequence: number, byte: number): Chunk => ({
  document,
  sequence,
  kind: 'change',
  bytes: new Uint8Array([byte]),
})

async function claimed(): Promise<IndexedDbStore> {
  const store = new IndexedDbStore(openVault)
  await store.claim('one')
  return store
}

test('what was written is there for the next one', async () => {
  const store = await claimed()
  const place = placeView(id(1), samplePlace('Bron'))
  const coverage = {
    place: id(1),
    night: 20_000,
    organisation: 'x',
    complete: true,
    count: 3,
    present: true,
  }
  await store.write(
    batch(
      {
        documents: [row(place)],
        chunks: [chunk(id(1), 0, 1), chunk(id(1), 1, 2), chunk(id(2), 0, 9)],
        meta: { epoch: 4, cursor: 5, draw: null },
      },
      { coverage: [[id(1), [coverage]]], received_at: 99 },
    ),
  )
  await store.writeConfiguration({ ...DEFAULT_CONFIGURATION, read_at: 3 })
  await store.writeDraft('count', { adults: 2 })
  store.close()

  const next = new IndexedDbStore(openVault)
  const stored = await next.load()
  expect(stored.documents).toEqual([{ row: row(place), waiting_since: 7 }])
  expect(stored.coverage).toEqual([coverage])
  expect(stored.meta).toEqual({ epoch: 4, cursor: 5, draw: null })
  expect(stored.received_at).toBe(99)
  expect(stored.configuration?.read_at).toBe(3)
  expect(stored.drafts).toEqual({ count: { adults: 2 } })
  expect(await next.chunks(id(1))).toEqual([new Uint8Array([1]), new Uint8Array([2])])
})

test('a tab that no longer leads writes nothing', async () => {
  const old = await claimed()
  const young = new IndexedDbStore(openVault)
  await young.claim('two')
  await expect(old.write(batch({ chunks: [chunk(id(1), 0, 1)] }))).rejects.toMatchObject({
    code: 'no_leader',
  })
  expect(await young.chunks(id(1))).toEqual([])
  await young.write(batch({ chunks: [chunk(id(1), 0, 2)] }))
  expect(await young.chunks(id(1))).toEqual([new Uint8Array([2])])
})

test('a batch is written whole or not at all', async () => {
  const store = await claimed()
  await store.write(batch({ chunks: [chunk(id(1), 0, 1)] }))
  const again = batch({
    documents: [row(placeView(id(2), samplePlace('Två')))],
    chunks: [chunk(id(2), 0, 5), chunk(id(1), 0, 6)],
  })
  await expect(store.write(again)).rejects.toMatchObject({ code: 'storage_lost' })
  expect((await store.load()).documents).toEqual([])
  expect(await store.chunks(id(2))).toEqual([])
  expect(await store.chunks(id(1))).toEqual([new Uint8Array([1])])
})

test('compaction keeps what comes from its sequence on', async () => {
  const store = await claimed()
  await store.write(batch({ chunks: [0, 1, 2].map((n) => chunk(id(1), n, n)) }))
  await store.write(
    batch({
      chunks: [{ ...chunk(id(1), 3, 30), kind: 'snapshot' }],
      drop_chunks_before: [{ document: id(1), sequence: 3 }],
    }),
  )
  expect(await store.chunks(id(1))).toEqual([new Uint8Array([30])])
})

test('a removed document leaves nothing; an erased phone remembers only that it was', async () => {
  const store = await claimed()
  const document = row(placeView(id(1), samplePlace('Bron')))
  await store.write(batch({ documents: [document], chunks: [chunk(id(1), 0, 1)] }))
  await store.write(batch({ remove_documents: [id(1)] }))
  expect((await store.load()).documents).toEqual([])
  expect(await store.chunks(id(1))).toEqual([])

  await store.write(batch({ documents: [document], meta: { epoch: 1, cursor: 2, draw: null } }))
  await store.erase('revoked')
  expect(await store.load()).toEqual({
    clock: null,
    done: [],
    meta: null,
    documents: [],
    coverage: [],
    configuration: null,
    received_at: null,
    drafts: {},
  })
  await expect(store.write(batch({}))).rejects.toMatchObject({ code: 'no_leader' })
})

test('what is refused in the middle leaves nothing behind', async () => {
  const store = await claimed()
  const document = row(placeView(id(1), samplePlace('Bron')))
  const whole = batch({ documents: [document], chunks: [chunk(id(1), 0, 1)] })
  const { put } = IDBObjectStore.prototype
  IDBObjectStore.prototype.put = () => {
    throw new DOMException('no room', 'QuotaExceededError')
  }
  try {
    await expect(store.write(whole)).rejects.toMatchObject({ code: 'storage_full' })
  } finally {
    IDBObjectStore.prototype.put = put
  }
  expect(await store.chunks(id(1))).toEqual([])
  await store.write(whole)
  expect(await store.chunks(id(1))).toHaveLength(1)
})
