import { beforeEach, expect, test } from 'vitest'
import { Failure } from '../shared/failure.ts'
import { fingerprint, keyText } from '../shared/resighting.ts'
import { DeskKey } from './desk-key.ts'
import type { DeskKeys, FoundKey } from '../shared/ports.ts'

const PHRASE = 'lykta barr skruv'
const ONE = new Uint8Array(32).fill(1)
const TWO = new Uint8Array(32).fill(2)

/** A browser that holds keys in the open; what is sealed opens by its passphrase. */
class Browser implements DeskKeys {
  next = ONE
  sealed = new Map<string, { key: Uint8Array; passphrase: string }>()
  plain: Uint8Array | null = null
  next_at: number | null = null

  fresh = () => this.next
  async find(print: string): Promise<FoundKey | null> {
    if (this.sealed.has(print)) return { sealed: true, next_at: this.next_at }
    const { plain } = this
    return plain !== null && (await fingerprint(plain)) === print
      ? { sealed: false, key: plain }
      : null
  }
  async seal(key: Uint8Array, passphrase: string, alone: boolean): Promise<void> {
    if (alone) {
      this.sealed.clear()
      this.plain = null
    }
    this.sealed.set(await fingerprint(key), { key, passphrase })
  }
  async open(print: string, passphrase: string): Promise<Uint8Array> {
    const found = this.sealed.get(print)
    if (found?.passphrase === passphrase) return found.key
    this.next_at = 5_000
    throw new Failure('passphrase_wrong')
  }
  async drop(print: string, which: 'it' | 'others'): Promise<void> {
    if (which === 'others') this.plain = null
    for (const name of this.sealed.keys()) {
      if ((name === print) === (which === 'it')) this.sealed.delete(name)
    }
  }
}

/** The server: a fingerprint that stands until it is replaced. */
let stands: string | null
let away: boolean
/** Whether another key needs a second person. */
let seconded: boolean
let browser: Browser

beforeEach(() => {
  stands = null
  away = false
  seconded = false
  browser = new Browser()
})

const desk = (keys: DeskKeys = browser) =>
  new DeskKey(keys, async (print, replace) => {
    if (away) throw new Failure('unreachable')
    const waits = seconded && stands !== null && replace
    if (stands === null || (replace && !waits)) stands = print
    return { stands, waits }
  })

test('a key that waits for a second person stays sealed here, and opens once it stands', async () => {
  const tab = desk()
  await tab.make(PHRASE, false)
  seconded = true
  browser.next = TWO
  expect(await tab.make(PHRASE, true)).toBe(true)
  expect(stands).toBe(await fingerprint(ONE))
  expect(tab.standing).toMatchObject({ state: 'here', key: keyText(ONE) })
  stands = await fingerprint(TWO)
  await tab.read(stands)
  expect(tab.standing).toEqual({ state: 'locked', next_at: null })
  await tab.open(PHRASE)
  expect(tab.standing).toMatchObject({ state: 'here', key: keyText(TWO) })
})

test('a key is made, sealed, and open in this tab until it is forgotten', async () => {
  const tab = desk()
  await tab.read(null)
  expect(tab.standing).toEqual({ state: 'none' })
  await tab.make(PHRASE, false)
  const here = { state: 'here', key: keyText(ONE), sealed: true }
  expect(tab.standing).toEqual(here)
  expect(stands).toBe(await fingerprint(ONE))

  // Another tab asks for the passphrase, once.
  const other = desk()
  await other.read(stands)
  expect(other.standing).toEqual({ state: 'locked', next_at: null })
  await other.open(PHRASE)
  await other.read(stands)
  expect(other.standing).toEqual(here)
  other.forget()
  expect(other.standing).toEqual({ state: 'unknown' })
  await other.read(stands)
  expect(other.standing).toEqual({ state: 'locked', next_at: null })
  expect(tab.standing).toEqual(here)
})

test('an open key is sealed anew by another passphrase, and stays the same key', async () => {
  const tab = desk()
  await tab.make(PHRASE, false)
  await tab.seal('en annan lösenfras')
  expect(tab.standing).toEqual({ state: 'here', key: keyText(ONE), sealed: true })
  tab.forget()
  await tab.read(stands)
  await expect(tab.open(PHRASE)).rejects.toMatchObject({ code: 'passphrase_wrong' })
  await tab.open('en annan lösenfras')
  expect(tab.standing).toEqual({ state: 'here', key: keyText(ONE), sealed: true })
})

test('a passphrase that is changed in a tab that has not heard of a newer key leaves that key', async () => {
  const stale = desk()
  await stale.make(PHRASE, false)
  browser.next = TWO
  const other = desk()
  await other.read(stands)
  await other.make(PHRASE, true)
  await stale.seal('en annan lösenfras')
  expect(browser.sealed.has(await fingerprint(TWO))).toBe(true)
})

test('what is being sealed when everything is forgotten stays closed', async () => {
  const tab = desk()
  await tab.make(PHRASE, false)
  const sealing = tab.seal('en annan lösenfras')
  tab.forget()
  await sealing
  expect(tab.standing).toEqual({ state: 'locked', next_at: null })
})

test('a wrong passphrase opens nothing and shows the wait', async () => {
  const tab = desk()
  await tab.make(PHRASE, false)
  tab.forget()
  await tab.read(stands)
  await expect(tab.open('fel fras igen')).rejects.toMatchObject({ code: 'passphrase_wrong' })
  expect(tab.standing).toEqual({ state: 'locked', next_at: 5_000 })
})

test('of two desks that make a key at once, the first counts and the other keeps nothing', async () => {
  await desk().make(PHRASE, false)
  const late = new Browser()
  late.next = TWO
  const tab = desk(late)
  await tab.make(PHRASE, false)
  expect(tab.standing).toEqual({ state: 'elsewhere' })
  expect(late.sealed.size).toBe(0)
})

test('a key that was not announced for want of a network takes nothing along', async () => {
  const tab = desk()
  await tab.make(PHRASE, false)
  browser.next = TWO
  away = true
  await expect(tab.make(PHRASE, true)).rejects.toMatchObject({ code: 'unreachable' })
  expect(browser.sealed.has(await fingerprint(ONE))).toBe(true)
  // The answer may have been lost on its way back: then the new one is here too.
  await tab.read(await fingerprint(TWO))
  expect(tab.standing.state).toBe('locked')
  away = false
  await tab.make(PHRASE, true)
  expect([...browser.sealed.keys()]).toEqual([await fingerprint(TWO)])
})

test('a key from another desk is taken only when it is the one in use', async () => {
  stands = await fingerprint(ONE)
  const tab = desk()
  await tab.read(stands)
  expect(tab.standing).toEqual({ state: 'elsewhere' })
  const link = `https://exempel.se/#enrol=A&team=${keyText(ONE)}`
  expect(await tab.fits(keyText(TWO))).toBe(false)
  await expect(tab.take(keyText(TWO), PHRASE)).rejects.toMatchObject({ code: 'invalid' })
  expect(await tab.fits(link)).toBe(true)
  await tab.take(link, PHRASE)
  expect(tab.standing).toEqual({ state: 'here', key: keyText(ONE), sealed: true })
})

test('a key that an earlier version left in the open works, and is sealed', async () => {
  browser.plain = ONE
  stands = await fingerprint(ONE)
  const tab = desk()
  await tab.read(stands)
  expect(tab.standing).toEqual({ state: 'here', key: keyText(ONE), sealed: false })
  await tab.seal(PHRASE)
  expect(tab.standing).toEqual({ state: 'here', key: keyText(ONE), sealed: true })
  expect(browser.plain).toBeNull()
  tab.forget()
  await tab.read(stands)
  expect(tab.standing).toEqual({ state: 'locked', next_at: null })
})

test('a key that was replaced elsewhere is not handed on', async () => {
  const tab = desk()
  await tab.make(PHRASE, false)
  await tab.read(await fingerprint(TWO))
  expect(tab.standing).toEqual({ state: 'elsewhere' })
})
