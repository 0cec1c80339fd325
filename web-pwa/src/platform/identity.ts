/** Who this phone is: its key pair and its token. */

import { base64url, fromBase64url } from '$core/shared/base64url.ts'
import { Failure } from '$core/shared/failure.ts'
import type { DataKey, Sealed, Signer, Vault } from '$core/outreach/ports.ts'
import type { Identity } from '$core/shared/member.ts'
import { withDatabase, type PendingKeys, type SealedIdentity } from './database.ts'
import { sealingVault } from './lock/vault.ts'

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256' } as const
const CONTEXT = 'identity'

/** The part of the phone's identity that can be read without a key. */
export interface StoredIdentity {
  /** `null` when there is none, or when it is sealed. */
  identity: Identity | null
  /** Whether there is one that only the lock's key opens. */
  sealed: boolean
  /** Whether the phone was told to forget it, and has not been enrolled since. */
  erased: boolean
}

/** Reads the phone's identity. */
export function readIdentity(): Promise<StoredIdentity> {
  return withDatabase(async (database) => {
    const [stored, erased] = await Promise.all([
      database.get('identity', 'self'),
      database.get('facts', 'erased'),
    ])
    const sealed = stored !== undefined && 'sealed' in stored
    const identity = stored !== undefined && 'device' in stored ? stored : null
    return { identity, sealed, erased: erased === 'revoked' }
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
      transaction.objectStore('identity').delete('pending'),
      transaction.objectStore('facts').delete('erased'),
      transaction.done,
    ])
  })
}

/** The sealed part of an identity. */
interface Inside extends Omit<Identity, 'keys'> {
  /** The private key as PKCS #8, base64url; `null` when it cannot be taken out. */
  key: string | null
}

/** Seals an identity, the private key too where the browser hands it out. */
export async function sealIdentity(
  stored: Identity | SealedIdentity | PendingKeys,
  vault: Vault,
): Promise<SealedIdentity> {
  if (!('device' in stored)) throw new Failure('not_ready', 'no open identity')
  const { keys, ...rest } = stored
  const { privateKey } = keys
  const key = privateKey.extractable
    ? base64url(new Uint8Array(await crypto.subtle.exportKey('pkcs8', privateKey)))
    : null
  const inside: Inside = { ...rest, key }
  const sealed = await vault.seal(new TextEncoder().encode(JSON.stringify(inside)), CONTEXT)
  return { sealed, key: key === null ? privateKey : null }
}

/** Opens the identity; from then on the private key cannot be taken out. */
export async function openIdentity(dataKey: DataKey): Promise<Identity> {
  const stored = await withDatabase((database) => database.get('identity', 'self'))
  if (stored === undefined || !('sealed' in stored)) {
    throw new Failure('not_ready', 'no sealed identity')
  }
  const bytes = await sealingVault(dataKey).open(stored.sealed satisfies Sealed, CONTEXT)
  const { key, ...rest } = JSON.parse(new TextDecoder().decode(bytes)) as Inside
  const privateKey =
    key === null
      ? stored.key
      : await crypto.subtle.importKey('pkcs8', fromBase64url(key), ALGORITHM, false, ['sign'])
  if (privateKey === null) throw new Failure('storage_lost', 'the identity has no key')
  return { ...rest, keys: { privateKey } }
}

/** The name under which keys wait for an invitation's answer: no trace of the code itself. */
async function pendingName(code: string): Promise<string> {
  const hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(code))
  return base64url(new Uint8Array(hash))
}

/** Forgets the keys of an invitation that cannot be used. */
export async function forgetKeys(): Promise<void> {
  await withDatabase((database) => database.delete('identity', 'pending'))
}

/** Whether this browser has begun to use an invitation. */
export async function hasBegun(code: string): Promise<boolean> {
  const name = await pendingName(code)
  const pending = await withDatabase((database) => database.get('identity', 'pending'))
  return pending !== undefined && 'code' in pending && pending.code === name
}

/**
 * Returns the keys for an enrolment with this code: the ones of an earlier try whose
 * answer was lost, so that the server knows the phone again, else new ones.
 * They can be taken out, to be sealed with the rest when the lock is set.
 */
export async function keysFor(code: string): Promise<{ keys: CryptoKeyPair; publicKey: string }> {
  const name = await pendingName(code)
  const pending = await withDatabase((database) => database.get('identity', 'pending'))
  let keys: CryptoKeyPair
  if (pending !== undefined && 'code' in pending && pending.code === name) {
    keys = pending.keys
  } else {
    keys = await crypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify'])
    const row: PendingKeys = { code: name, keys }
    await withDatabase((database) => database.put('identity', row, 'pending'))
  }
  const raw = new Uint8Array(await crypto.subtle.exportKey('raw', keys.publicKey))
  return { keys, publicKey: base64url(raw) }
}

/** Begins the text that a phone signs to enrol: `ENROLMENT_CONTEXT` of sync-core's protocol. */
const ENROLMENT_CONTEXT = 'lagesbild enrol 1\0'

/** Shows the server that the phone holds the private key: its signature for this code. */
export async function proofOf(keys: Identity['keys'], code: string): Promise<string> {
  const bytes = new TextEncoder().encode(ENROLMENT_CONTEXT + code)
  return base64url(await signerOf(keys).sign(bytes))
}

/** Signs with the phone's key. */
export function signerOf(keys: Identity['keys']): Signer {
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
