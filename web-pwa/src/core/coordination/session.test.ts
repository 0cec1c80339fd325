import { beforeEach, expect, test } from 'vitest'
import { Failure } from '../shared/failure.ts'
import { AlertsStore } from './stores/alerts.ts'
import { DrawStore } from './stores/draw.ts'
import { Figures } from './stores/figures.ts'
import { Desk, as, settled, type Server } from './testing/desk.ts'

let desk: Desk
let server: Server

beforeEach(() => {
  desk = new Desk()
  server = desk.server
})

test('a coordinator has a desk after signing in once, and nothing is read that no page shows', async () => {
  const session = await desk.open()
  expect(session.snapshot).toMatchObject({ state: { phase: 'ready' }, drawn_places: 8 })
  expect(server.asked).toEqual(['signIn', 'me'])
})

test('an invitation makes a new browser a coordinator’s', async () => {
  desk.identity = null
  expect((await desk.open()).snapshot.state).toEqual({ phase: 'not_enrolled' })
  desk.invitation = 'CODE'
  const invited = await desk.open()
  expect(invited.snapshot.state).toMatchObject({
    phase: 'invited',
    about: { role: 'coordinator', organisation: { name: 'EU-teamet' } },
  })
  await invited.enrol('', '')
  expect(invited.snapshot.state).toEqual({ phase: 'ready' })
  expect(desk.invitation).toBeNull()
})

test('an invitation that is pasted into an open page is asked about', async () => {
  desk.identity = null
  const session = await desk.open()
  desk.invitation = 'CODE'
  await session.invited()
  expect(session.snapshot.state).toMatchObject({ phase: 'invited' })
})

test('the duty service has a desk', async () => {
  desk.identity = as('duty')
  expect((await desk.open()).snapshot.state).toEqual({ phase: 'ready' })
})

test('a worker is told, and asks nothing', async () => {
  desk.identity = as('worker')
  expect((await desk.open()).snapshot.state).toEqual({ phase: 'forbidden' })
  expect(server.asked).toEqual([])
})

test('news lead to reading what is shown again, once for several', async () => {
  const session = await desk.open()
  const { report } = session.store(Figures)
  report.open()
  server.connection('open')
  expect(session.snapshot.live).toBe('live')
  await desk.pass()
  server.cursor = 2
  server.asked = []
  server.news()
  server.news()
  await desk.pass()
  expect(report.part.value?.cursor).toBe(2)
  expect(server.asked).toEqual(['me', 'estimate null'])
})

test('without events it asks now and then', async () => {
  const session = await desk.open()
  const { report } = session.store(Figures)
  report.open()
  server.connection('broken')
  expect(session.snapshot.live).toBe('polling')
  server.cursor = 3
  await desk.pass()
  expect(report.part.value?.cursor).toBe(3)
})

test('events that ended for good are begun anew', async () => {
  await desk.open()
  server.connection('open')
  server.connection('ended')
  expect(server.listening).toBe(0)
  await desk.pass()
  expect(server.listening).toBe(1)
})

test('a session that ended is begun anew', async () => {
  const session = await desk.open()
  server.failures.set('me', new Failure('token_unknown'))
  server.signIn = async () => {
    server.signIns += 1
    server.failures.clear()
  }
  await session.refresh()
  expect(server.signIns).toBe(2)
  expect(session.snapshot.state).toEqual({ phase: 'ready' })
})

test('what was read stays when the server is away, and every page says that it is old', async () => {
  const session = await desk.open()
  const { report } = session.store(Figures)
  const alerts = session.store(AlertsStore)
  report.open()
  alerts.open()
  await settled()
  server.failure = new Failure('unreachable')
  await session.refresh()
  expect(session.snapshot).toMatchObject({ state: { phase: 'ready' }, live: 'offline' })
  expect(report.part).toMatchObject({ value: { cursor: 1 }, problem: 'unreachable' })
  expect(alerts.part).toMatchObject({ value: { unheard: 0 }, problem: 'unreachable' })
})

test('one part that fails takes no other along', async () => {
  const session = await desk.open()
  const { report } = session.store(Figures)
  const draw = session.store(DrawStore)
  report.open()
  draw.open()
  await settled()
  server.failures.set('draw', new Failure('server_error'))
  server.cursor = 2
  await session.refresh()
  expect(report.part).toMatchObject({ value: { cursor: 2 }, problem: null })
  expect(draw.part).toMatchObject({ value: { seed: null }, problem: 'server_error' })
})

test('with nothing read and no server, it says so', async () => {
  server.failure = new Failure('unreachable')
  const session = await desk.open()
  expect(session.snapshot.state).toEqual({ phase: 'unreachable', code: 'unreachable' })
  server.failure = null
  await session.refresh()
  expect(session.snapshot.state).toEqual({ phase: 'ready' })
})

test('a revoked browser forgets everything', async () => {
  const session = await desk.open()
  const before = session.store(Figures)
  before.report.open()
  await settled()
  server.failure = new Failure('device_revoked')
  await session.refresh()
  expect(session.snapshot).toMatchObject({ state: { phase: 'erased' }, member: null })
  expect(session.store(Figures).report.part.value).toBeNull()
  expect(desk.forgotten).toBe(true)
})

test('who signs out leaves no open key behind, with or without a network', async () => {
  const session = await desk.open()
  await session.deskKey.make('lykta barr skruv', false)
  expect(session.snapshot.team_key).toHaveLength(16)
  expect(session.deskKey.standing).toMatchObject({ state: 'here', sealed: true })
  server.failures.set('signOut', new Failure('offline'))
  await expect(session.signOut()).rejects.toMatchObject({ code: 'offline' })
  await settled()
  expect(session.deskKey.standing).toEqual({ state: 'locked', next_at: null })
})

test('signing out empties the desk, and a reload stays signed out until somebody signs in', async () => {
  const session = await desk.open()
  const { report } = session.store(Figures)
  report.open()
  await settled()
  server.failures.set('signOut', new Failure('offline'))
  await expect(session.signOut()).rejects.toMatchObject({ code: 'offline' })
  expect(session.snapshot).toMatchObject({ state: { phase: 'signed_out' }, member: null })
  expect(session.store(Figures).report.part.value).toBeNull()
  await session.refresh()
  expect(session.snapshot.state).toEqual({ phase: 'signed_out' })

  const reloaded = await desk.open()
  expect(reloaded.snapshot.state).toEqual({ phase: 'signed_out' })
  await reloaded.signInAgain()
  expect(reloaded.snapshot.state).toEqual({ phase: 'ready' })
  expect((await desk.open()).snapshot.state).toEqual({ phase: 'ready' })
})

test('an answer that comes after signing out shows nothing', async () => {
  const session = await desk.open()
  const reading = session.refresh()
  await session.signOut()
  await reading
  expect(session.snapshot).toMatchObject({ state: { phase: 'signed_out' }, member: null })
})

test('a broken connection is asked about at once, and says since when there is no contact', async () => {
  const session = await desk.open()
  server.connection('open')
  await desk.pass()
  server.failure = new Failure('unreachable')
  server.connection('broken')
  await desk.pass()
  expect(session.snapshot).toMatchObject({ live: 'offline', no_contact_since: 5 })
  // The browser tries again by itself; that is no contact.
  server.connection('broken')
  expect(session.snapshot).toMatchObject({ live: 'offline', no_contact_since: 5 })
  server.failure = null
  server.connection('open')
  await desk.pass()
  expect(session.snapshot).toMatchObject({ live: 'live', no_contact_since: null })
})
