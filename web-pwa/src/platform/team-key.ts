/**
 * The team keys that lie at a coordinator's desk, each sealed by a passphrase
 * of its own: the desk has no lock, as a phone has, that would seal them.
 */

import { base64url, fromBase64url } from '$core/shared/base64url.ts'
import type { DeskKeys } from '$core/shared/ports.ts'
import { Failure } from '$core/shared/failure.ts'
import { nextAttempt, type Attempts } from '$core/shared/backoff.ts'
import { passphraseProblem } from '$core/shared/passphrase.ts'
import type { Sealed } from '$core/outreach/ports.ts'
import { fingerprint, KEY_BYTES, readKey } from '$core/shared/resighting.ts'
import { withDatabase } from './database.ts'
import type { Kdf } from './lock/kdf-messages.ts'
import { keyFrom, newKdf } from './lock/kdf.ts'
import { environment } from './environment.ts'

/** Where an earlier version kept the only key, as plain text. */
const PLAIN = 'team-key'
const HMAC = { name: 'HMAC', hash: 'SHA-256' } as const

const nameOf = (print: string): string => `${PLAIN}/${print}`
/** Returns every name that a key lies under. */
const everyName = (): IDBKeyRange => IDBKeyRange.bound(PLAIN, `${PLAIN}/\uffff`)

/** A key under its fingerprint, sealed by a passphrase. */
interface Row extends Attempts {
  kdf: Kdf
  sealed: Sealed
}

/** Writes the row as text: a phone's lock that is set later leaves text as it is, and seals the rest with its own key. */
function written({ kdf, sealed, failures, tried_at }: Row): string {
  return JSON.stringify({
    kdf: { ...kdf, salt: base64url(kdf.salt) },
    sealed: { iv: base64url(sealed.iv), ciphertext: base64url(sealed.ciphertext) },
    failures,
    tried_at,
  })
}

function readRow(text: string): Row {
  const { kdf, sealed, ...attempts } = JSON.parse(text)
  return {
    ...attempts,
    kdf: { ...kdf, salt: fromBase64url(kdf.salt) },
    sealed: { iv: fromBase64url(sealed.iv), ciphertext: fromBase64url(sealed.ciphertext) },
  }
}

const algorithm = (iv: Uint8Array, print: string): AesGcmParams => ({
  name: 'AES-GCM',
  iv: iv as Uint8Array<ArrayBuffer>,
  additionalData: new TextEncoder().encode(`1/team-key/${print}`),
})

async function wrap(key: Uint8Array, by: CryptoKey, print: string): Promise<Sealed> {
  const iv = crypto.getRandomValues(new Uint8Array(12))
  const plain = await crypto.subtle.importKey('raw', key as Uint8Array<ArrayBuffer>, HMAC, true, [
    'sign',
  ])
  const wrapped = await crypto.subtle.wrapKey('raw', plain, by, algorithm(iv, print))
  return { iv, ciphertext: new Uint8Array(wrapped) }
}

/** Returns the key; rejects when `by` is not what wrapped it. */
async function unwrap({ iv, ciphertext }: Sealed, by: CryptoKey, print: string) {
  const key = await crypto.subtle.unwrapKey(
    'raw',
    ciphertext as Uint8Array<ArrayBuffer>,
    by,
    algorithm(iv, print),
    HMAC,
    true,
    ['sign'],
  )
  return new Uint8Array(await crypto.subtle.exportKey('raw', key))
}

/** Changes a row as it stands then, durably. */
function changeRow(print: string, change: (row: Row) => Row): Promise<Row> {
  return withDatabase(async (database) => {
    const transaction = database.transaction('facts', 'readwrite', { durability: 'strict' })
    const stored = await transaction.store.get(nameOf(print))
    if (typeof stored !== 'string') throw new Failure('not_ready', 'no such key')
    const row = change(readRow(stored))
    await Promise.all([transaction.store.put(written(row), nameOf(print)), transaction.done])
    return row
  })
}

/** Counts an attempt before it is made, so that a reload in the middle of it counts too. */
function beginAttempt(print: string): Promise<Row> {
  return changeRow(print, (row) => {
    const now = environment.now()
    if (nextAttempt(row, now) !== null) throw new Failure('passphrase_wait')
    return { ...row, failures: row.failures + 1, tried_at: now }
  })
}

/** Writes a row and deletes other keys, in one strict transaction. */
function rewrite(row: [name: string, Row] | null, goes: (name: string) => boolean): Promise<void> {
  return withDatabase(async (database) => {
    const transaction = database.transaction('facts', 'readwrite', { durability: 'strict' })
    const names = await transaction.store.getAllKeys(everyName())
    const gone = names.filter((name) => name !== row?.[0] && goes(name))
    await Promise.all([
      row === null ? null : transaction.store.put(written(row[1]), row[0]),
      ...gone.map((name) => transaction.store.delete(name)),
      transaction.done,
    ])
  })
}

/** This browser's keys. `derive` makes the key that wraps from a passphrase. */
export function browserDeskKeys(derive = keyFrom): DeskKeys {
  return {
    fresh: () => crypto.getRandomValues(new Uint8Array(KEY_BYTES)),

    find: (print) =>
      withDatabase(async (database) => {
        const [sealed, plain] = await Promise.all([
          database.get('facts', nameOf(print)),
          database.get('facts', PLAIN),
        ])
        if (typeof sealed === 'string') {
          return { sealed: true, next_at: nextAttempt(readRow(sealed), environment.now()) }
        }
        const key = typeof plain === 'string' ? readKey(plain) : null
        return key !== null && (await fingerprint(key)) === print ? { sealed: false, key } : null
      }),

    async seal(key, passphrase, alone) {
      if (passphraseProblem(passphrase) !== null) throw new Failure('passphrase_weak')
      const print = await fingerprint(key)
      const kdf = newKdf()
      const sealed = await wrap(key, await derive(passphrase, kdf), print)
      const row: Row = { kdf, sealed, failures: 0, tried_at: 0 }
      await rewrite([nameOf(print), row], () => alone)
    },

    async open(print, passphrase) {
      const { kdf, sealed } = await beginAttempt(print)
      const by = await derive(passphrase, kdf)
      const key = await unwrap(sealed, by, print).catch(() => {
        throw new Failure('passphrase_wrong')
      })
      await changeRow(print, (row) => ({ ...row, failures: 0 }))
      return key
    },

    drop: (print, which) => rewrite(null, (name) => (name === nameOf(print)) === (which === 'it')),
  }
}
