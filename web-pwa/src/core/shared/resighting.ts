/**
 * Re-sighting codes: whether two encounters of a period were with one person,
 * without anybody being able to say with whom. A keyed hash over what the
 * person answers; the key lives on phones and desks, never on the server,
 * which without it can neither try likely persons nor join periods.
 */

import { base64url, fromBase64url } from './base64url.ts'
import type { NightDate } from './model.ts'

/** The answers to the four questions. None of it is kept or sent. */
export interface Attributes {
  /** The first two letters of the given name. */
  name: string
  /** The first two letters of the mother's given name. */
  mother: string
  /** Day and month of birth. */
  day: number | null
  month: number | null
}

/** Length of a team key. */
export const KEY_BYTES = 32
/** Characters of a code: 60 bits. The shared core checks the length. */
export const CODE_LENGTH = 12
/** Crockford's base 32 in lower case: no letters that look alike. */
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz'

/** Bulgarian, and the letters that Russian and Ukrainian add, as they are written in Latin. */
const CYRILLIC: Readonly<Record<string, string>> = {
  а: 'a',
  б: 'b',
  в: 'v',
  г: 'g',
  д: 'd',
  е: 'e',
  ж: 'zh',
  з: 'z',
  и: 'i',
  й: 'i',
  к: 'k',
  л: 'l',
  м: 'm',
  н: 'n',
  о: 'o',
  п: 'p',
  р: 'r',
  с: 's',
  т: 't',
  у: 'u',
  ф: 'f',
  х: 'h',
  ц: 'ts',
  ч: 'ch',
  ш: 'sh',
  щ: 'sht',
  ъ: 'a',
  ь: 'i',
  ю: 'yu',
  я: 'ya',
  ы: 'i',
  э: 'e',
  і: 'i',
  ї: 'i',
  є: 'e',
  ґ: 'g',
}
/** Letters that two workers write for one sound. */
const ALIKE: Readonly<Record<string, string>> = { y: 'i', j: 'i', w: 'v', k: 'c', q: 'c' }

/** Returns the first two letters of a name, the same however it is spelt: without accents, in Latin. */
export function letters(text: string): string {
  const latin = Array.from(text.toLowerCase(), (letter) => CYRILLIC[letter] ?? letter).join('')
  const plain = latin
    .normalize('NFD')
    .replaceAll(/\p{Mn}/gu, '')
    .replaceAll(/[^a-z]/g, '')
  return Array.from(plain.slice(0, 2), (letter) => ALIKE[letter] ?? letter).join('')
}

/** Returns the answers in one line, or `null` while one is missing: a code of a part would match too many. */
export function normalised({ name, mother, day, month }: Attributes): string | null {
  const parts = [letters(name), letters(mother)]
  const whole = parts.every((part) => part.length === 2)
  const date = day !== null && month !== null && day >= 1 && day <= 31 && month >= 1 && month <= 12
  return whole && date ? `${parts.join('|')}|${day}|${month}` : null
}

async function hmac(key: Uint8Array, text: string): Promise<Uint8Array> {
  const imported = await crypto.subtle.importKey(
    'raw',
    key as Uint8Array<ArrayBuffer>,
    { name: 'HMAC', hash: 'SHA-256' },
    false,
    ['sign'],
  )
  const made = await crypto.subtle.sign('HMAC', imported, new TextEncoder().encode(text))
  return new Uint8Array(made)
}

/** Tells one key from another without giving it away: 16 hexadecimal digits. */
export async function fingerprint(key: Uint8Array): Promise<string> {
  const made = await hmac(key, 'lagesbild team key 1')
  return Array.from(made.slice(0, 8), (byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** Returns the code of a person in a period; `null` while an answer is missing. */
export async function resightingCode(
  key: Uint8Array,
  period: NightDate,
  attributes: Attributes,
): Promise<string | null> {
  const answers = normalised(attributes)
  if (answers === null) return null
  const made = await hmac(key, `lagesbild code 1\n${period}\n${answers}`)
  let bits = 0n
  for (const byte of made.slice(0, 8)) bits = (bits << 8n) | BigInt(byte)
  let code = ''
  for (let i = 0; i < CODE_LENGTH; i += 1) {
    code = (ALPHABET[Number(bits & 31n)] ?? '') + code
    bits >>= 5n
  }
  return code
}

/** Returns a key as text: 43 characters of base64url. */
export function keyText(key: Uint8Array): string {
  return base64url(key)
}

/** Reads a key from its text or from a link that holds it; `null` when there is none. */
export function readKey(text: string): Uint8Array | null {
  const found = /(?:^|[#&]team=)([A-Za-z0-9_-]{43})(?:$|&)/.exec(text.trim())?.[1]
  if (found === undefined) return null
  const key = fromBase64url(found)
  return key.length === KEY_BYTES ? key : null
}
