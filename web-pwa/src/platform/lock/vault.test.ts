import 'fake-indexeddb/auto'
import { IDBFactory } from 'fake-indexeddb'
import { beforeEach, expect, test } from 'vitest'
import { id, placeView, row, samplePlace, writes } from '../../testing/samples.ts'
import { withDatabase, type LockRow } from '../database.ts'
import { keysFor, openIdentity, readIdentity, writeIdentity } from '../identity.ts'
import { IndexedDbStore } from '../store.ts'
import { newKdf } from './kdf.ts'
import { sealEverything } from './seal-everything.ts'
import { openVault, sealingVault } from './vault.ts'

const utf8 = new TextEncoder()
const newKey = () =>
  crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt'])

beforeEach(() => {
  globalThis.indexedDB = new IDBFactory()
})

test('what is sealed opens only as what it is, with its key, and never looks the same twice', async () => {
  const vault = sealingVault(await newKey())
  const bytes = utf8.encode('under bron')
  const sealed = await vault.seal(bytes, 'chunk/a/0/change')
  const again = await vault.seal(bytes, 'chunk/a/0/change')
  expect(sealed.iv).toHaveLength(12)
  expect(sealed.iv).not.toEqual(again.iv)
  expect(sealed.ciphertext).not.toEqual(again.ciphertext)
  expect(await vault.open(sealed, 'chunk/a/0/change')).toEqual(bytes)
  for (const other of ['chunk/a/1/change', 'chunk/b/0/change', 'chunk/a/0/snapshot', 'draft/a']) {
    // oxlint-disable-next-line no-await-in-loop -- a handful
    await expect(vault.open(sealed, other)).rejects.toMatchObject({ code: 'storage_lost' })
  }
  const stranger = sealingVault(await newKey())
  await expect(stranger.open(sealed, 'chunk/a/0/change')).rejects.toMatchObject({
    code: 'storage_lost',
  })
})

/** Everything that lies in the database, as text. */
async function everything(): Promise<string> {
  return withDatabase(async (database) => {
    const stores = [...database.objectStoreNames]
    const rows = await Promise.all(stores.map((store) => database.getAll(store)))
    return JSON.stringify(rows, (_key, value: unknown) =>
      value instanceof Uint8Array ? new TextDecoder().decode(value) : value,
    )
  })
}

test('a phone that held things in the open is sealed as it is: nothing is lost, nothing can be read', async () => {
  const { keys, publicKey } = await keysFor('CODE')
  expect((await keysFor('CODE')).publicKey).toBe(publicKey)
  await writeIdentity({
    device: '0102030405060708',
    role: 'worker',
    organisation: { id: 'eu-teamet', name: 'EU-teamet' },
    label: 'Telefon 7',
    token: 'hemlig-token',
    keys,
  })
  const store = new IndexedDbStore(openVault)
  await store.claim('one')
  const document = { row: row(placeView(id(1), samplePlace('Klippgrottan'))), waiting_since: 5 }
  const chunk = {
    document: id(1),
    sequence: 0,
    kind: 'change' as const,
    bytes: utf8.encode('Klippgrottan'),
  }
  await store.write({
    writes: writes({ documents: [document.row], chunks: [chunk] }),
    documents: [document],
    coverage: [],
    received_at: null,
    waiting: { documents: 1, since: 5 },
    clock: { errors: [], latest: 0 },
    done: [],
  })
  await store.writeDraft('count/x', { note: 'vid Klippgrottan' })
  expect(await everything()).toContain('Klippgrottan')

  const key = await newKey()
  const nothing = { iv: new Uint8Array(), ciphertext: new Uint8Array() }
  const lock: LockRow = {
    made_at: 1,
    passphrase: { kdf: newKdf(), wrapped: nothing },
    passkey: null,
    failures: 0,
    tried_at: 0,
  }
  await sealEverything(key, lock)
  const text = await everything()
  for (const secret of ['Klippgrottan', 'hemlig-token', 'eu-teamet', 'Telefon 7']) {
    expect(text).not.toContain(secret)
  }

  // The engine that ran in the open writes no more.
  await expect(store.writeDraft('count/x', {})).rejects.toMatchObject({ code: 'no_leader' })
  const sealed = new IndexedDbStore(sealingVault(key))
  await sealed.claim('two')
  const stored = await sealed.load()
  expect(stored.documents).toEqual([document])
  expect(stored.drafts).toEqual({ 'count/x': { note: 'vid Klippgrottan' } })
  expect(await sealed.chunks(id(1))).toEqual([chunk.bytes])

  expect(await readIdentity()).toEqual({ identity: null, sealed: true, erased: false })
  const opened = await openIdentity(key)
  expect(opened).toMatchObject({ token: 'hemlig-token', organisation: { id: 'eu-teamet' } })
  expect(opened.keys.privateKey.extractable).toBe(false)
  // It is the same key: what it signs, the server can check.
  const signature = await crypto.subtle.sign(
    { name: 'ECDSA', hash: 'SHA-256' },
    opened.keys.privateKey,
    chunk.bytes,
  )
  const checked = crypto.subtle.verify(
    { name: 'ECDSA', hash: 'SHA-256' },
    keys.publicKey,
    signature,
    chunk.bytes,
  )
  expect(await checked).toBe(true)
  await expect(sealEverything(key, lock)).rejects.toMatchObject({ code: 'not_ready' })
})
