import { createHmac } from 'node:crypto'
import { expect, test } from 'vitest'
import {
  fingerprint,
  keyText,
  letters,
  normalised,
  readKey,
  resightingCode,
  type Attributes,
} from './resighting.ts'

const key = Uint8Array.from({ length: 32 }, (_, i) => i)
// Invented answers; nobody's.
const answers: Attributes = { name: 'Io', mother: 'Ma', day: 7, month: 11 }

test('one person has one code, however the name is spelt', () => {
  expect(letters('Ștefan')).toBe('st')
  expect(letters('ștefan')).toBe('st')
  expect(letters(' Иван')).toBe('iv')
  expect(letters('Ivan')).toBe('iv')
  expect(letters('Юлия')).toBe(letters('Yulia'))
  expect(letters('Юлия')).toBe(letters('Julia'))
  expect(letters("D'Angelo")).toBe('da')
})

test('no code before every answer is there', async () => {
  expect(normalised(answers)).toBe('io|ma|7|11')
  for (const part of [{ name: 'I' }, { mother: '' }, { day: null }, { month: 13 }, { day: 0 }]) {
    expect(normalised({ ...answers, ...part })).toBeNull()
    expect(await resightingCode(key, '2026-11-09', { ...answers, ...part })).toBeNull()
  }
})

test('the code is 60 bits of the HMAC of period and answers', async () => {
  const code = await resightingCode(key, '2026-11-09', answers)
  expect(code).toMatch(/^[0-9a-z]{12}$/)
  const made = createHmac('sha256', key)
    .update('lagesbild code 1\n2026-11-09\nio|ma|7|11')
    .digest()
    .subarray(0, 8)
  let bits = 0n
  for (const letter of code ?? '') {
    bits = (bits << 5n) | BigInt('0123456789abcdefghjkmnpqrstvwxyz'.indexOf(letter))
  }
  expect(bits).toBe(made.readBigUInt64BE() & ((1n << 60n) - 1n))
})

test('another period, key or person has another code', async () => {
  const other = Uint8Array.from(key, (byte) => byte ^ 1)
  const codes = await Promise.all([
    resightingCode(key, '2026-11-09', answers),
    resightingCode(key, '2026-12-07', answers),
    resightingCode(other, '2026-11-09', answers),
    resightingCode(key, '2026-11-09', { ...answers, day: 8 }),
  ])
  expect(new Set(codes).size).toBe(4)
})

test('a key is read from its text and from a link, and nothing else is', async () => {
  const text = keyText(key)
  expect(text).toHaveLength(43)
  expect(readKey(text)).toEqual(key)
  expect(readKey(` https://exempel.se/#enrol=abc&team=${text} `)).toEqual(key)
  expect(readKey(`https://exempel.se/#team=${text}`)).toEqual(key)
  for (const nonsense of ['', 'abc', `${text}x`, 'https://exempel.se/#enrol=abc']) {
    expect(readKey(nonsense)).toBeNull()
  }
  expect(await fingerprint(key)).toMatch(/^[0-9a-f]{16}$/)
  expect(text.includes(await fingerprint(key))).toBe(false)
})
