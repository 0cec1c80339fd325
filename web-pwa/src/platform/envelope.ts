/** Seals requests for the server: HPKE (RFC 9180), as `server/src/auth/envelope.rs` opens them. */

import { fromBase64url } from '$core/shared/base64url.ts'
import type { SealRequest } from '$core/outreach/ports.ts'

const INFO = new TextEncoder().encode('lagesbild envelope 1')

/** Seals requests of the phone with this token. The code for it comes when it is first needed. */
export function sealRequest(token: string): SealRequest {
  const name = new TextEncoder().encode(token)
  return async (key, request) => {
    const hpke = await import('@hpke/core')
    const suite = new hpke.CipherSuite({
      kem: new hpke.DhkemP256HkdfSha256(),
      kdf: new hpke.HkdfSha256(),
      aead: new hpke.Aes256Gcm(),
    })
    const recipientPublicKey = await suite.kem.deserializePublicKey(fromBase64url(key))
    const sender = await suite.createSenderContext({ recipientPublicKey, info: INFO })
    const sealed = await sender.seal(joined(Uint8Array.of(name.length), name, request))
    return joined(new Uint8Array(sender.enc), new Uint8Array(sealed))
  }
}

function joined(...parts: Uint8Array[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(parts.reduce((length, part) => length + part.length, 0))
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}
