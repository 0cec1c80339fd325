import { beforeEach, expect, test } from 'vitest'
import type { EngineChange } from '../engine/api.ts'
import { Failure } from '../../shared/failure.ts'
import {
  Browser,
  count,
  FakeEngine,
  identity,
  names,
  openedIn,
  phase,
  settled,
} from '../../../testing/browser.ts'
import { engineDocument, id, placeView, samplePlace } from '../../../testing/samples.ts'
import type { FieldClient } from './client.ts'

let browser: Browser
beforeEach(() => {
  browser = new Browser()
})

const opened = (): Promise<FieldClient> => openedIn(browser)

test('an enrolled phone starts, leads, and shows what is there', async () => {
  const client = await opened()
  expect(phase(client)).toEqual({ phase: 'ready' })
  expect(client.snapshot).toMatchObject({ leader: true, member: { role: 'worker' } })
  expect(names(client)).toEqual(['Bron'])
})

test('a phone that is nobody says so; one that was erased says that', async () => {
  browser.identity = null
  expect(phase(await opened())).toEqual({ phase: 'not_enrolled' })
  browser.erased = true
  expect(phase(await opened())).toEqual({ phase: 'erased' })
})

test('a phone whose storage the browser threw away says that', async () => {
  await opened()
  browser.identity = null
  expect(phase(await opened())).toEqual({ phase: 'evicted' })
})

test('an invitation in the address is used when somebody says so, and not on load', async () => {
  browser.identity = null
  browser.invitation = 'CODE'
  let used = 0
  browser.enrolment = () => {
    used += 1
    return used === 1 ? Promise.reject(new Failure('unreachable')) : Promise.resolve(identity)
  }
  const about = { role: 'worker', organisation: identity.organisation }
  const client = await opened()
  expect(phase(client)).toEqual({ phase: 'invited', about })
  // Reloaded, restored, opened in a second tab: nothing happens.
  const restored = await opened()
  expect(phase(restored)).toEqual({ phase: 'invited', about })
  expect(used).toBe(0)
  await client.enrol('', '').catch(() => undefined)
  expect(phase(client)).toEqual({
    phase: 'enrolling',
    failure: { code: 'unreachable', retry: true },
  })
  expect(browser.invitation).toBe('CODE')
  await client.enrol('', '')
  expect(phase(client)).toEqual({ phase: 'securing', before: false })
  expect(browser.invitation).toBeNull()
  await client.lock.secure('lykta barr fjäril')
  expect(phase(client)).toEqual({ phase: 'ready' })
})

test('an invitation that cannot be used is told before anybody presses', async () => {
  browser.identity = null
  browser.invitation = 'CODE'
  browser.about = () => Promise.reject(new Failure('code_used'))
  expect(phase(await opened())).toEqual({
    phase: 'enrolling',
    failure: { code: 'code_used', retry: false },
  })
  expect(browser.invitation).toBeNull()
})

test('whoever began here goes on, though the answer was lost', async () => {
  browser.identity = null
  browser.invitation = 'CODE'
  browser.about = () => Promise.resolve(null)
  const client = await opened()
  expect(phase(client)).toEqual({ phase: 'invited', about: null })
  await client.enrol('', '')
  expect(phase(client)).toEqual({ phase: 'securing', before: false })
})

test('an invitation on an enrolled phone is left alone', async () => {
  browser.invitation = 'CODE'
  const client = await opened()
  expect(phase(client)).toMatchObject({ phase: 'enrolling', failure: { code: 'already_enrolled' } })
  await client.restart()
  expect(phase(client)).toEqual({ phase: 'ready' })
})

test('changes are followed; a missed one leads to reading everything anew', async () => {
  const client = await opened()
  const engine = browser.engines[0] as FakeEngine
  const add = (n: number, name: string): EngineChange => {
    const document = engineDocument(placeView(id(n), samplePlace(name)))
    engine.documents.push(document)
    return { type: 'data', documents: [document], removed: [], coverage: [], draw: null }
  }
  engine.tell(add(2, 'Parken'))
  expect(names(client)).toEqual(['Bron', 'Parken'])
  add(3, 'Torget')
  engine.serial += 1 // told, but never arrived
  engine.tell(add(4, 'Ön'))
  await settled()
  expect(names(client)).toEqual(['Bron', 'Parken', 'Torget', 'Ön'])
})

test('a second tab follows, and leads when the first is gone', async () => {
  await opened()
  const second = await opened()
  expect(phase(second)).toEqual({ phase: 'ready' })
  expect(second.snapshot.leader).toBe(false)
  expect(names(second)).toEqual(['Bron'])
  browser.waiting.shift()?.()
  await settled()
  expect(second.snapshot.leader).toBe(true)
  expect(browser.engines).toHaveLength(2)
})

test('a tab that opens while another is about to lead does not wait for long', async () => {
  browser.leader = () => undefined
  browser.asleep = true
  const client = browser.tab()
  const starting = client.start()
  await settled()
  expect(phase(client)).toEqual({ phase: 'starting' })
  const engine = new FakeEngine(browser, 'young')
  browser.answers = engine
  engine.tell({ type: 'started' })
  await starting
  expect(phase(client)).toEqual({ phase: 'ready' })
})

test('a leader that sleeps can be taken over from', async () => {
  const first = await opened()
  browser.asleep = true
  const second = browser.tab()
  const starting = second.start()
  await settled()
  await browser.pass()
  await starting
  expect(phase(second)).toEqual({ phase: 'elsewhere' })
  browser.asleep = false
  await second.takeOver()
  await settled()
  expect(second.snapshot).toMatchObject({ leader: true, state: { phase: 'ready' } })
  expect(first.snapshot.leader).toBe(false)
  expect(names(first)).toEqual(['Bron'])
})

test('a broken engine is started anew; after several the person is asked', async () => {
  const client = await opened()
  browser.engines[0]?.break('trap')
  await settled()
  await browser.pass()
  expect(browser.engines).toHaveLength(2)
  expect(phase(client)).toEqual({ phase: 'ready' })
  browser.startFailures = Array.from({ length: 4 }, () => new Failure('core_crashed'))
  browser.engines[1]?.break('trap')
  await settled()
  for (let i = 0; i < 5; i++) await browser.pass()
  expect(phase(client)).toMatchObject({ phase: 'failed', code: 'core_crashed' })
  browser.startFailures = []
  await client.restart()
  expect(phase(client)).toEqual({ phase: 'ready' })
})

test('what fails to be saved is told', async () => {
  const client = await opened()
  const engine = browser.engines[0] as FakeEngine
  engine.outcome = { ok: false, code: 'storage_full', detail: '' }
  const saving = client.dispatch({ type: 'count', where: { place: id(1) }, count: {} })
  await expect(saving).rejects.toMatchObject({ code: 'storage_full' })
})

test('what is said to be saved is there to be seen', async () => {
  const client = await opened()
  const engine = browser.engines[0] as FakeEngine
  let saved = false
  const saving = client
    .dispatch({ type: 'count', where: { place: id(1) }, count: {} })
    .then(() => (saved = true))
  await settled()
  expect(saved).toBe(false)
  const document = engineDocument(placeView(id(2), samplePlace('Parken')))
  engine.tell({ type: 'data', documents: [document], removed: [], coverage: [], draw: null })
  await saving
  expect(names(client)).toEqual(['Bron', 'Parken'])
})

test('an erased phone shows nothing any more', async () => {
  const client = await opened()
  browser.engines[0]?.tell({ type: 'erased', reason: 'revoked' })
  expect(phase(client)).toEqual({ phase: 'erased' })
  expect(client.snapshot.member).toBeNull()
  expect(names(client)).toEqual([])
})

test('an erased phone can be enrolled again in the same tab', async () => {
  const client = await opened()
  browser.engines[0]?.tell({ type: 'erased', reason: 'asked' })
  await client.enrol('CODE', 'Android')
  await client.lock.secure('lykta barr fjäril')
  await settled()
  expect(client.snapshot).toMatchObject({ state: { phase: 'ready' }, leader: true })
  expect(browser.engines).toHaveLength(2)
})

test('drafts outlive the tab', async () => {
  const client = await opened()
  client.setDraft('count', { adults: 3 })
  client.setDraft('note', 'a')
  client.clearDraft('note')
  await browser.pass()
  expect(browser.engines[0]?.drafts).toEqual({ count: { adults: 3 }, note: null })
  const next = await opened()
  expect(next.draft('count')).toEqual({ adults: 3 })
  expect(next.draft('note')).toBeNull()
})

test('listeners are told once a turn', async () => {
  const client = await opened()
  let told = 0
  const stop = client.subscribe(() => (told += 1))
  browser.engines[0]?.tell({ type: 'data', documents: [], removed: [], coverage: [], draw: null })
  browser.engines[0]?.tell({ type: 'data', documents: [], removed: [], coverage: [], draw: null })
  await settled()
  expect(told).toBe(1)
  stop()
})

test('a save whose engine dies is asked of the next one, once, by the same name', async () => {
  const client = await opened()
  const first = browser.engines[0] as FakeEngine
  first.silent = true
  const saving = client.dispatch(count)
  await settled()
  first.break('trap')
  await settled()
  await browser.pass()
  await browser.pass()
  await expect(saving).resolves.toMatchObject({ document: id(1) })
  expect(first.asked).toEqual(['call'])
  expect(browser.engines[1]?.asked).toEqual(['call'])
})

test('a save in flight while this tab comes to lead is not given up', async () => {
  await opened()
  const second = await opened()
  const old = browser.engines[0] as FakeEngine
  old.silent = true
  const saving = second.dispatch(count)
  await settled()
  // The tab that led is gone before it has answered.
  browser.waiting.shift()?.()
  await settled()
  await browser.pass()
  await expect(saving).resolves.toMatchObject({ document: id(1) })
  expect(browser.engines[1]?.asked).toEqual(['call'])
})

test('a leader that never answers is given up in the end', async () => {
  await opened()
  const second = await opened()
  const old = browser.engines[0] as FakeEngine
  old.silent = true
  const saving = expect(second.dispatch(count)).rejects.toMatchObject({ code: 'no_leader' })
  await settled()
  await browser.pass()
  await saving
})
