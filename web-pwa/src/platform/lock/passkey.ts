/** A passkey whose PRF extension makes a key: a touch of the finger instead of the passphrase. */

import { Failure } from '$core/shared/failure.ts'
import { wrappingKey } from './kdf.ts'

/** Finds and names a passkey; neither field is secret. */
export interface Passkey {
  credential: Uint8Array
  salt: Uint8Array
}

/** Bound to what the key is for (RFC 5869's info). */
const PURPOSE = new TextEncoder().encode('lagesbild/1/passkey')
const ES256 = -7
const RS256 = -257

const random = (bytes: number): Uint8Array<ArrayBuffer> =>
  crypto.getRandomValues(new Uint8Array(bytes))

/** Returns whether this phone has something that could hold a passkey. Whether that can make keys shows when one is made. */
export async function passkeyPossible(): Promise<boolean> {
  if (typeof PublicKeyCredential === 'undefined') return false
  return PublicKeyCredential.isUserVerifyingPlatformAuthenticatorAvailable().catch(() => false)
}

async function keyFromPrf(output: BufferSource | undefined): Promise<CryptoKey> {
  if (output === undefined) throw new Failure('passkey_failed', 'no PRF')
  const material = await crypto.subtle.importKey('raw', output, 'HKDF', false, ['deriveBits'])
  const bits = await crypto.subtle.deriveBits(
    { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(32), info: PURPOSE },
    material,
    256,
  )
  return wrappingKey(new Uint8Array(bits))
}

async function asPasskeyFailure<T>(action: () => Promise<T>): Promise<T> {
  try {
    return await action()
  } catch (error) {
    if (error instanceof Failure) throw error
    throw new Failure('passkey_failed', error instanceof Error ? error.name : '')
  }
}

/** Makes a passkey, and the key that it gives. Asks the person. */
export function makePasskey(): Promise<{ passkey: Passkey; key: CryptoKey }> {
  return asPasskeyFailure(async () => {
    const created = (await navigator.credentials.create({
      publicKey: {
        // Neither names a person: the passkey opens this phone's storage, and no account.
        rp: { name: 'Lägesbild' },
        user: { id: random(16), name: 'Lägesbild', displayName: 'Lägesbild' },
        challenge: random(32),
        pubKeyCredParams: [
          { type: 'public-key', alg: ES256 },
          { type: 'public-key', alg: RS256 },
        ],
        authenticatorSelection: {
          authenticatorAttachment: 'platform',
          residentKey: 'discouraged',
          userVerification: 'required',
        },
        extensions: { prf: {} },
      },
    })) as PublicKeyCredential | null
    if (created?.getClientExtensionResults().prf?.enabled !== true) {
      throw new Failure('passkey_failed', 'no PRF')
    }
    const passkey = { credential: new Uint8Array(created.rawId), salt: random(32) }
    return { passkey, key: await keyOfPasskey(passkey) }
  })
}

/** Returns the key that a passkey gives. Asks the person. */
export function keyOfPasskey({ credential, salt }: Passkey): Promise<CryptoKey> {
  return asPasskeyFailure(async () => {
    const got = (await navigator.credentials.get({
      publicKey: {
        challenge: random(32),
        allowCredentials: [{ type: 'public-key', id: credential as Uint8Array<ArrayBuffer> }],
        userVerification: 'required',
        extensions: { prf: { eval: { first: salt as Uint8Array<ArrayBuffer> } } },
      },
    })) as PublicKeyCredential | null
    return keyFromPrf(got?.getClientExtensionResults().prf?.results?.first)
  })
}
