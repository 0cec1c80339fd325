/** The lock of what is stored: a data key that a passphrase, and maybe a passkey, unwrap. */

import { Failure } from '$core/shared/failure.ts'
import { nextAttempt } from '$core/shared/backoff.ts'
import { passphraseProblem } from '$core/shared/passphrase.ts'
import type { Locker, LockState } from '$core/outreach/lock/port.ts'
import type { Waiting } from '$core/outreach/field-core.ts'
import type { DataKey, Sealed } from '$core/outreach/ports.ts'
import { withDatabase, type Database, type LockRow } from '../database.ts'
import { eraseAll } from '../erase.ts'
import { openIdentity } from '../identity.ts'
import { envelopeIn, watchOutbox } from '../outbox.ts'
import { environment } from '../environment.ts'
import { keyFrom, newKdf } from './kdf.ts'
import { keyOfPasskey, makePasskey, passkeyPossible } from './passkey.ts'
import { sealEverything } from './seal-everything.ts'

const AES = { name: 'AES-GCM', length: 256 } as const

const wrapAlgorithm = (iv: Uint8Array): AesGcmParams => ({
  name: 'AES-GCM',
  iv: iv as Uint8Array<ArrayBuffer>,
  additionalData: new TextEncoder().encode('1/data-key'),
})

async function wrap(dataKey: CryptoKey, by: CryptoKey): Promise<Sealed> {
  const iv = crypto.getRandomValues(new Uint8Array(12))
  const wrapped = await crypto.subtle.wrapKey('raw', dataKey, by, wrapAlgorithm(iv))
  return { iv, ciphertext: new Uint8Array(wrapped) }
}

/** Returns the data key; rejects when `by` is not the key that wrapped it. `extractable` only to wrap it once more. */
function unwrap({ iv, ciphertext }: Sealed, by: CryptoKey, extractable: boolean): Promise<DataKey> {
  return crypto.subtle.unwrapKey(
    'raw',
    ciphertext as Uint8Array<ArrayBuffer>,
    by,
    wrapAlgorithm(iv),
    AES,
    extractable,
    ['encrypt', 'decrypt'],
  )
}

const NOT_SET = new Failure('not_ready', 'no lock is set')

function readRow(): Promise<LockRow | undefined> {
  return withDatabase((database) => database.get('lock', 'self'))
}

/** Changes the row as it stands then, durably. */
function changeRow(change: (row: LockRow) => LockRow): Promise<LockRow> {
  return withDatabase(async (database) => {
    const transaction = database.transaction('lock', 'readwrite', { durability: 'strict' })
    const row = await transaction.store.get('self')
    if (row === undefined) throw NOT_SET
    const changed = change(row)
    await Promise.all([transaction.store.put(changed, 'self'), transaction.done])
    return changed
  })
}

/** Counts an attempt before it is made, so that a reload in the middle of it counts too. */
function beginAttempt(): Promise<LockRow> {
  return changeRow((row) => {
    const now = environment.now()
    if (nextAttempt(row, now) !== null) throw new Failure('passphrase_wait')
    return { ...row, failures: row.failures + 1, tried_at: now }
  })
}

async function opened(passphrase: string, extractable: boolean): Promise<DataKey> {
  const row = await beginAttempt()
  const by = await keyFrom(passphrase, row.passphrase.kdf)
  let key: DataKey
  try {
    key = await unwrap(row.passphrase.wrapped, by, extractable)
  } catch {
    throw new Failure('passphrase_wrong')
  }
  await changeRow((after) => ({ ...after, failures: 0 }))
  return key
}

async function plainFact<T>(database: Database, name: string): Promise<T | null> {
  const value = await database.get('facts', name)
  return typeof value === 'string' ? (JSON.parse(value) as T) : null
}

/** This browser's lock, but for what tabs tell each other. */
export type LockWork = Omit<Locker, 'post' | 'listen' | 'warm'>

export function lockWork(): LockWork {
  watchOutbox()
  return {
    state: () =>
      withDatabase(async (database): Promise<LockState> => {
        const [row, waiting, numbers, envelope] = await Promise.all([
          database.get('lock', 'self'),
          plainFact<Waiting>(database, 'waiting'),
          plainFact<LockState['numbers']>(database, 'numbers'),
          envelopeIn(database),
        ])
        return {
          set: row !== undefined,
          passkey: row?.passkey != null,
          next_at: row === undefined ? null : nextAttempt(row, environment.now()),
          made_at: row?.made_at ?? null,
          waiting: {
            ...(waiting ?? { documents: 0, since: null }),
            envelope: envelope?.whole ? { sent_at: envelope.sent_at } : null,
          },
          numbers,
        }
      }),

    async setUp(passphrase) {
      if (passphraseProblem(passphrase) !== null) throw new Failure('passphrase_weak')
      const kdf = newKdf()
      const [by, fresh] = await Promise.all([
        keyFrom(passphrase, kdf),
        crypto.subtle.generateKey(AES, true, ['encrypt', 'decrypt']),
      ])
      const wrapped = await wrap(fresh, by)
      // From here on only a key that cannot be taken out.
      const key = await unwrap(wrapped, by, false)
      await sealEverything(key, {
        made_at: environment.now(),
        passphrase: { kdf, wrapped },
        passkey: null,
        failures: 0,
        tried_at: 0,
      })
      return key
    },

    open: (passphrase) => opened(passphrase, false),

    async openByPasskey() {
      const row = await readRow()
      if (row?.passkey == null) throw new Failure('passkey_failed', 'none')
      const key = await keyOfPasskey(row.passkey).then((by) =>
        unwrap(row.passkey?.wrapped as Sealed, by, false).catch(() => {
          throw new Failure('passkey_failed', 'another key')
        }),
      )
      await changeRow((after) => ({ ...after, failures: 0 }))
      return key
    },

    canPasskey: passkeyPossible,

    async addPasskey(passphrase) {
      const dataKey = await opened(passphrase, true)
      const { passkey, key } = await makePasskey()
      const wrapped = await wrap(dataKey, key)
      await changeRow((row) => ({ ...row, passkey: { ...passkey, wrapped } }))
    },

    async removePasskey() {
      await changeRow((row) => ({ ...row, passkey: null }))
    },

    async change(from, to) {
      if (passphraseProblem(to) !== null) throw new Failure('passphrase_weak')
      const dataKey = await opened(from, true)
      const kdf = newKdf()
      const wrapped = await wrap(dataKey, await keyFrom(to, kdf))
      await changeRow((row) => ({ ...row, passphrase: { kdf, wrapped } }))
    },

    identity: openIdentity,
    erase: () => withDatabase((database) => eraseAll(database, 'asked')),
  }
}
