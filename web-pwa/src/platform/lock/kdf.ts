/** Makes a key from a passphrase, in a worker of its own: it takes tens of megabytes and a good part of a second. */

import { Failure } from '$core/shared/failure.ts'
import type { Kdf, KdfAnswer, KdfRequest } from './kdf-messages.ts'

/** Returns OWASP's first choice for Argon2id: 46 MiB, one pass, one lane, with fresh salt. */
export function newKdf(): Kdf {
  const salt = crypto.getRandomValues(new Uint8Array(16))
  return { name: 'argon2id', memory_kib: 46 * 1024, iterations: 1, parallelism: 1, salt }
}

/** Returns the AES key that wraps the data key. */
export async function keyFrom(passphrase: string, kdf: Kdf): Promise<CryptoKey> {
  const worker = new Worker(new URL('./kdf-worker.ts', import.meta.url), {
    type: 'module',
    name: 'lagesbild-kdf',
  })
  try {
    const bytes = await new Promise<Uint8Array>((resolve, reject) => {
      const fail = (detail: string): void => reject(new Failure('core_crashed', detail))
      worker.addEventListener('error', (event) => fail(event.message || 'the KDF broke'))
      worker.addEventListener('message', ({ data }: MessageEvent<KdfAnswer>) => {
        if ('hash' in data) resolve(data.hash)
        else fail(data.failed)
      })
      worker.postMessage({ passphrase, kdf } satisfies KdfRequest)
    })
    return await wrappingKey(bytes)
  } finally {
    // Its memory held the passphrase and the hash.
    worker.terminate()
  }
}

/** Returns a key that wraps and unwraps data keys. */
export function wrappingKey(bytes: Uint8Array): Promise<CryptoKey> {
  return crypto.subtle.importKey('raw', bytes as Uint8Array<ArrayBuffer>, 'AES-GCM', false, [
    'wrapKey',
    'unwrapKey',
  ])
}
