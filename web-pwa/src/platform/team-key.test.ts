import 'fake-indexeddb/auto'
import { IDBFactory } from 'fake-indexeddb'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { normalisedPassphrase } from '$core/shared/passphrase.ts'
import { fingerprint, keyText } from '$core/shared/resighting.ts'
import { withDatabase } from './database.ts'
import type { Kdf } from './lock/kdf-messages.ts'
import { wrappingKey } from './lock/kdf.ts'
import { browserDeskKeys } from './team-key.ts'

const PHRASE = 'lykta barr skruv'
const NOW = Date.UTC(2026, 10, 20, 21, 0)

/** In place of Argon2id, which runs in a browser's worker. */
async function quickly(passphrase: string, { salt }: Kdf): Promise<CryptoKey> {
  const given = new TextEncoder().encode(normalisedPassphrase(passphrase))
  const hash = await crypto.subtle.digest('SHA-256', new Uint8Array([...salt, ...given]))
  return wrappingKey(new Uint8Array(hash))
}

const keys = browserDeskKeys(quickly)
const facts = () =>
  withDatabase(async (database) => {
    const [names, values] = await Promise.all([
      database.getAllKeys('facts'),
      database.getAll('facts'),
    ])
    return Object.fromEntries(names.map((name, i) => [name, values[i]]))
  })

beforeEach(() => {
  globalThis.indexedDB = new IDBFactory()
  vi.useFakeTimers({ now: NOW, toFake: ['Date'] })
})
afterEach(() => vi.useRealTimers())

/** A key that is kept sealed, with its fingerprint. */
async function kept(): Promise<{ key: Uint8Array; print: string }> {
  const key = keys.fresh()
  await keys.seal(key, PHRASE, false)
  return { key, print: await fingerprint(key) }
}

test('a key opens by its passphrase alone, and nothing of it lies in the open', async () => {
  const { key, print } = await kept()
  expect(key).toHaveLength(32)
  expect(await keys.find(print)).toEqual({ sealed: true, next_at: null })
  expect(await keys.open(print, `  ${PHRASE} `)).toEqual(key)
  await expect(keys.open(print, 'fel fras igen')).rejects.toMatchObject({
    code: 'passphrase_wrong',
  })
  const text = JSON.stringify(await facts())
  const raw = String.fromCharCode(...key)
  for (const secret of [keyText(key), btoa(raw), btoa(raw).slice(0, 12), PHRASE]) {
    expect(text).not.toContain(secret)
  }
})

test('sealed twice, a key never looks the same', async () => {
  const { key } = await kept()
  const before = Object.values(await facts())
  await keys.seal(key, PHRASE, false)
  expect(Object.values(await facts())).toHaveLength(1)
  expect(Object.values(await facts())).not.toEqual(before)
})

test('one key cannot stand for another', async () => {
  const [one, two] = [await kept(), await kept()]
  await withDatabase(async (database) => {
    const row = (await database.get('facts', `team-key/${one.print}`)) as string
    await database.put('facts', row, `team-key/${two.print}`)
  })
  await expect(keys.open(two.print, PHRASE)).rejects.toMatchObject({ code: 'passphrase_wrong' })
  expect(await keys.open(one.print, PHRASE)).toEqual(one.key)
})

test('a passphrase that is easily guessed is not taken', async () => {
  await expect(keys.seal(keys.fresh(), '123456789012', true)).rejects.toMatchObject({
    code: 'passphrase_weak',
  })
  expect(await facts()).toEqual({})
})

test('wrong passphrases take longer and longer, and the right one clears the slate', async () => {
  const { key, print } = await kept()
  for (let i = 0; i < 4; i += 1) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    await expect(keys.open(print, 'fel fras igen')).rejects.toMatchObject({
      code: 'passphrase_wrong',
    })
  }
  expect(await keys.find(print)).toEqual({ sealed: true, next_at: NOW + 5_000 })
  // Not even the right one, nor after a reload: it is counted where the key lies.
  await expect(browserDeskKeys(quickly).open(print, PHRASE)).rejects.toMatchObject({
    code: 'passphrase_wait',
  })
  vi.setSystemTime(NOW + 5_000)
  expect(await keys.open(print, PHRASE)).toEqual(key)
  expect(await keys.find(print)).toEqual({ sealed: true, next_at: null })
})

test('an attempt that a reload cuts off counts', async () => {
  const { print } = await kept()
  const cutOff = browserDeskKeys(() => Promise.reject(new Error('the tab is gone')))
  for (let i = 0; i < 4; i += 1) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    await expect(cutOff.open(print, PHRASE)).rejects.toThrow('the tab is gone')
  }
  await expect(keys.open(print, PHRASE)).rejects.toMatchObject({ code: 'passphrase_wait' })
})

test('a key in the open is found, and goes in the step that seals it', async () => {
  const key = keys.fresh()
  const print = await fingerprint(key)
  await withDatabase((database) => database.put('facts', keyText(key), 'team-key'))
  await withDatabase((database) => database.put('facts', 'tab', 'leader'))
  expect(await keys.find(print)).toEqual({ sealed: false, key })
  expect(await keys.find('another')).toBeNull()

  // A browser that dies in the middle is as it was before.
  const { put } = IDBObjectStore.prototype
  IDBObjectStore.prototype.put = () => {
    throw new DOMException('no room', 'QuotaExceededError')
  }
  await expect(keys.seal(key, PHRASE, true)).rejects.toMatchObject({ code: 'storage_lost' })
  IDBObjectStore.prototype.put = put
  expect(await keys.find(print)).toEqual({ sealed: false, key })

  await keys.seal(key, PHRASE, true)
  expect(Object.keys(await facts()).toSorted()).toEqual(['leader', `team-key/${print}`])
  expect(await keys.open(print, PHRASE)).toEqual(key)
})

test('a key is dropped, or every other', async () => {
  const [one, two, three] = [await kept(), await kept(), await kept()]
  await withDatabase((database) => database.put('facts', keyText(one.key), 'team-key'))
  await keys.drop(one.print, 'it')
  expect(Object.keys(await facts())).toHaveLength(3)
  await keys.drop(two.print, 'others')
  expect(Object.keys(await facts())).toEqual([`team-key/${two.print}`])
  expect(await keys.find(three.print)).toBeNull()
})
