import { argon2id } from 'hash-wasm'
import { normalisedPassphrase } from '$core/shared/passphrase.ts'
import type { KdfAnswer, KdfRequest } from './kdf-messages.ts'

addEventListener('message', ({ data }: MessageEvent<KdfRequest>) => {
  const { passphrase, kdf } = data
  argon2id({
    password: normalisedPassphrase(passphrase),
    salt: kdf.salt,
    memorySize: kdf.memory_kib,
    iterations: kdf.iterations,
    parallelism: kdf.parallelism,
    hashLength: 32,
    outputType: 'binary',
  }).then(
    (hash) => postMessage({ hash } satisfies KdfAnswer),
    // An error of the library may quote what it was given.
    (error: unknown) =>
      postMessage({ failed: error instanceof Error ? error.name : '' } satisfies KdfAnswer),
  )
})
