/** Who this phone is: its key pair and its token. */

import { asFailure } from '$core/failure.ts'
import type { Identity, Signer } from '$core/ports.ts'
import { openDatabase, type Database } from './database.ts'

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256' } as const

async function withDatabase<T>(action: (database: Database) => Promise<T>): Promise<T> {
  let database: Database | null = null
  try {
    database = await openDatabase(() => undefined)
    return await action(database)
  } catch (error) {
    throw asFailure(error, 'storage_lost')
  } finally {
    database?.close()
  }
}

/** The phone's identity; `erased` when it was told to forget it and has not been enrolled since. */
export function readIdentity(): Promise<{ identity: Identity | null; erased: boolean }> {
  return withDatabase(async (database) => {
    const [identity, erased] = await Promise.all([
      database.get('identity', 'self'),
      database.get('facts', 'erased'),
    ])
    return { identity: identity ?? null, erased: erased === 'revoked' }
  })
}

/** Keeps the identity, durably. */
export function writeIdentity(identity: Identity): Promise<void> {
  return withDatabase(async (database) => {
    const transaction = database.transaction(['identity', 'facts'], 'readwrite', {
      durability: 'strict',
    })
    await Promise.all([
      transaction.objectStore('identity').put(identity, 'self'),
      transaction.objectStore('facts').delete('erased'),
      transaction.done,
    ])
  })
}

/** Makes a key pair whose private half never leaves the browser. */
export async function makeKeys(): Promise<{ keys: CryptoKeyPair; publicKey: string }> {
  const keys = await crypto.subtle.generateKey(ALGORITHM, false, ['sign', 'verify'])
  const raw = new Uint8Array(await crypto.subtle.exportKey('raw', keys.publicKey))
  return { keys, publicKey: base64url(raw) }
}

/** Signs with the phone's key. */
export function signerOf(keys: CryptoKeyPair): Signer {
  return {
    async sign(bytes) {
      const signature = await crypto.subtle.sign(
        { name: 'ECDSA', hash: 'SHA-256' },
        keys.privateKey,
        bytes as Uint8Array<ArrayBuffer>,
      )
      return new Uint8Array(signature)
    },
  }
}

/** Base64 for URLs, without padding. */
export function base64url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '')
}
