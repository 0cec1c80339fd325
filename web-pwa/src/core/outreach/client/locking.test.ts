import { beforeEach, expect, test } from 'vitest'
import type { FieldClient } from './client.ts'
import {
  Browser,
  count,
  names,
  openedIn,
  phase,
  settled,
  type FakeEngine,
} from '../../../testing/browser.ts'
import { NOW } from '../../../testing/samples.ts'

let browser: Browser
beforeEach(() => {
  browser = new Browser()
})

const opened = (): Promise<FieldClient> => openedIn(browser)

/** A tab of a phone with a lock, and no other tab that has the key. */
async function lockedOut(): Promise<FieldClient> {
  browser.handsOver = false
  const client = browser.tab()
  const starting = client.start()
  await settled()
  await browser.pass()
  await starting
  return client
}

test('a locked phone shows nothing, says what waits, and opens with the passphrase', async () => {
  browser.waiting_documents = 2
  const client = await lockedOut()
  expect(phase(client)).toEqual({ phase: 'locked', invited: false })
  expect(client.snapshot).toMatchObject({
    member: null,
    lock: { waiting: { documents: 2 } },
    configuration: { numbers: [{ name_sv: 'Jouren' }] },
  })
  expect(browser.engines).toHaveLength(0)
  await expect(client.dispatch(count)).rejects.toMatchObject({ code: 'not_ready' })
  browser.wrong = true
  await expect(client.lock.unlock('fel')).rejects.toMatchObject({ code: 'passphrase_wrong' })
  expect(phase(client)).toMatchObject({ phase: 'locked' })
  browser.wrong = false
  await client.lock.unlock('rätt')
  expect(phase(client)).toEqual({ phase: 'ready' })
  expect(names(client)).toEqual(['Bron'])
})

test('nobody touches the phone: every tab locks, and what was typed is kept first', async () => {
  const client = await opened()
  const second = await opened()
  browser.handsOver = false
  client.setDraft('count', { adults: 3 })
  browser.now += 6 * 60_000
  await browser.pass()
  await settled()
  expect(phase(client)).toMatchObject({ phase: 'locked' })
  expect(phase(second)).toMatchObject({ phase: 'locked' })
  expect(browser.engines[0]?.drafts).toEqual({ count: { adults: 3 } })
  expect(names(client)).toEqual([])
  expect(client.draft('count')).toBeNull()
  // One of them is opened: so are both.
  await second.lock.unlock('rätt')
  await settled()
  expect(phase(client)).toEqual({ phase: 'ready' })
  expect(names(second)).toEqual(['Bron'])
})

test('a phone that is touched does not lock', async () => {
  const client = await opened()
  for (let i = 0; i < 6; i++) {
    browser.now += 60_000
    browser.touch()
    await browser.pass()
  }
  expect(phase(client)).toEqual({ phase: 'ready' })
})

test('a phone that has not reached the server shows nothing until it has', async () => {
  const client = await opened()
  browser.now += 15 * 86_400_000
  browser.touch()
  const engine = browser.engines[0] as FakeEngine
  const { sync } = client.snapshot
  engine.tell({ type: 'sync', sync })
  expect(phase(client)).toEqual({ phase: 'lease', days: 15 })
  engine.tell({ type: 'sync', sync: { ...sync, heard_at: browser.now } })
  expect(phase(client)).toEqual({ phase: 'ready' })
})

test('a phone that was enrolled before there were locks is asked, and may wait', async () => {
  browser.locked = false
  const client = await opened()
  expect(phase(client)).toEqual({ phase: 'securing', before: true })
  await client.lock.postpone()
  expect(phase(client)).toEqual({ phase: 'ready' })
  await client.lock.secure('lykta barr fjäril')
  await settled()
  expect(phase(client)).toEqual({ phase: 'ready' })
})

test('without the passphrase, a new link starts over', async () => {
  browser.invitation = 'CODE'
  const client = await lockedOut()
  expect(phase(client)).toEqual({ phase: 'locked', invited: true })
  await client.lock.forget()
  expect(phase(client)).toEqual({ phase: 'securing', before: false })
})

test('what was sent while the phone is locked is told at the lock screen', async () => {
  browser.waiting_documents = 2
  const client = await lockedOut()
  expect(client.snapshot.lock.waiting.envelope).toBeNull()
  browser.sent_at = NOW
  for (const listener of browser.lockListeners) listener({ type: 'sent' })
  await settled()
  expect(client.snapshot.lock.waiting).toMatchObject({ documents: 2, envelope: { sent_at: NOW } })
})

test('before it locks, the engine is told once that nobody looks any more', async () => {
  const client = await opened()
  await opened()
  await client.lock.lockNow()
  await settled()
  expect(phase(client)).toMatchObject({ phase: 'locked' })
  expect(browser.engines.map((engine) => engine.noticed)).toEqual([['hidden']])
})
