import { expect, test } from 'vitest'

import { fromBase64url } from '$core/shared/base64url.ts'
import { proofOf } from './identity.ts'

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256' } as const

test('a proof is a signature over the context, a zero byte and the code', async () => {
  const keys = await crypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify'])
  const proof = fromBase64url(await proofOf(keys, 'abc'))
  expect(proof).toHaveLength(64)
  const holds = (text: string) =>
    crypto.subtle.verify(
      { name: 'ECDSA', hash: 'SHA-256' },
      keys.publicKey,
      proof,
      new TextEncoder().encode(text),
    )
  expect(await holds('lagesbild enrol 1\0abc')).toBe(true)
  expect(await holds('lagesbild enrol 1\0abd')).toBe(false)
  expect(await holds('abc')).toBe(false)
})
