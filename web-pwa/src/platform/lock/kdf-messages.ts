/** The messages to and from the worker that makes keys. */

/** How a key is made from a passphrase. Stored beside what it wraps, so that it can be raised later. */
export interface Kdf {
  name: 'argon2id'
  memory_kib: number
  iterations: number
  parallelism: number
  salt: Uint8Array
}

export interface KdfRequest {
  passphrase: string
  kdf: Kdf
}

/** 32 bytes, or why there are none. */
export type KdfAnswer = { hash: Uint8Array } | { failed: string }
