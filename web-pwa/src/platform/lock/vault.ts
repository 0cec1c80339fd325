import { Failure } from '$core/shared/failure.ts'
import type { DataKey, Sealed, Vault } from '$core/outreach/ports.ts'

const NOTHING = new Uint8Array(0)
/** Of what is sealed. Part of what each seal vouches for. */
const VERSION = 1
/** Random: a data key seals far fewer than the 2³² messages that 96 bits are good for (NIST SP 800-38D, 8.3). */
const IV_BYTES = 12

const utf8 = new TextEncoder()

/** Leaves bytes as they are: for a phone that has not been locked yet. */
export const openVault: Vault = {
  seal: async (bytes: Uint8Array): Promise<Sealed> => ({ iv: NOTHING, ciphertext: bytes }),
  open: async (sealed: Sealed): Promise<Uint8Array> => sealed.ciphertext,
}

function algorithm(iv: Uint8Array, context: string): AesGcmParams {
  return {
    name: 'AES-GCM',
    iv: iv as Uint8Array<ArrayBuffer>,
    additionalData: utf8.encode(`${VERSION}/${context}`),
  }
}

/** Seals with AES-256-GCM and a fresh IV. A chunk's context names document, sequence and kind. */
export function sealingVault(key: DataKey): Vault {
  return {
    async seal(bytes, context) {
      const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES))
      const ciphertext = await crypto.subtle.encrypt(
        algorithm(iv, context),
        key,
        bytes as Uint8Array<ArrayBuffer>,
      )
      return { iv, ciphertext: new Uint8Array(ciphertext) }
    },
    async open({ iv, ciphertext }, context) {
      try {
        const bytes = await crypto.subtle.decrypt(
          algorithm(iv, context),
          key,
          ciphertext as Uint8Array<ArrayBuffer>,
        )
        return new Uint8Array(bytes)
      } catch {
        // Says where, not what.
        throw new Failure('storage_lost', `does not open: ${context.split('/')[0]}`)
      }
    },
  }
}

/** Returns the vault for a key, or the open one without. */
export const vaultFor = (key: DataKey | null): Vault =>
  key === null ? openVault : sealingVault(key)
