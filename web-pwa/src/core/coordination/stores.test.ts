import { beforeEach, expect, test } from 'vitest'
import { Failure } from '../shared/failure.ts'
import type { CoordinationSession } from './session.ts'
import { AlertsStore } from './stores/alerts.ts'
import { DecidingStore } from './stores/deciding.ts'
import { DevicesStore } from './stores/devices.ts'
import { Figures } from './stores/figures.ts'
import { HistoryStore } from './stores/history.ts'
import { QuarantineStore } from './stores/quarantine.ts'
import { Desk, settled, type Server } from './testing/desk.ts'

let server: Server
let session: CoordinationSession

beforeEach(async () => {
  const desk = new Desk()
  server = desk.server
  session = await desk.open()
  server.asked = []
})

test('a page reads what it shows when it is opened, and no longer once it is left', async () => {
  const alerts = session.store(AlertsStore)
  expect(alerts.part).toEqual({ value: null, read_at: null, problem: null })
  const leave = alerts.open()
  await settled()
  expect(alerts.part).toMatchObject({ value: { unheard: 0 }, read_at: 5, problem: null })
  leave()
  server.asked = []
  await session.refresh()
  expect(server.asked).toEqual(['me'])
})

test('who comes back to a page sees what was read before, while it is read again', async () => {
  const { report } = session.store(Figures)
  report.open()()
  await settled()
  server.cursor = 2
  session.store(Figures).report.open()
  expect(report.part.value?.cursor).toBe(1)
  await settled()
  expect(report.part.value?.cursor).toBe(2)
})

test('two pages that show the same read it once', async () => {
  const alerts = session.store(AlertsStore)
  const [leave] = [alerts.open(), session.store(AlertsStore).open()]
  await settled()
  leave()
  await session.refresh()
  expect(server.asked).toEqual(['alerts', 'me', 'alerts'])
})

test('who takes over an alert sees the list as it is then', async () => {
  await session.store(AlertsStore).acknowledge('aa', 'Jouren', null)
  expect(server.asked).toEqual(['acknowledge', 'alerts'])
})

test('a reading that began before an act is not taken for what came of it', async () => {
  const devices = session.store(DevicesStore)
  let answer = (): void => undefined
  const slow = new Promise<never[]>((resolve) => {
    answer = () => resolve([])
  })
  const answering = server.devices
  server.devices = () => answering().then(() => slow)
  const reading = devices.refresh()
  await settled()
  const revoked = devices.revoke('a1')
  await settled()
  answer()
  await Promise.all([reading, revoked])
  expect(server.asked).toEqual(['devices', 'revoke', 'devices'])
})

test('what was decided about a refused change is said, then the list is read anew', async () => {
  const quarantine = session.store(QuarantineStore)
  await quarantine.decide(7, 'discard')
  expect(server.asked).toEqual(['discard 7', 'quarantine'])
  server.failures.set('release 8', new Failure('still_refused'))
  await expect(quarantine.decide(8, 'release')).rejects.toMatchObject({ code: 'still_refused' })
})

test('a history goes on where it ended, and stays as long at the next reading', async () => {
  const answer = server.history
  server.history = async (document, from) => {
    const { rows, all } = await answer(document, from)
    return { rows: rows.slice(0, 1), all }
  }
  const history = new HistoryStore(session, 'aa')
  await history.refresh()
  expect(history.part.value).toMatchObject({ rows: [{}], all: 2 })
  await history.older()
  await history.refresh()
  expect(history.part.value).toMatchObject({ rows: [{}, {}], all: 2 })
  expect(server.asked).toEqual(
    ['aa 0', 'aa 0', 'aa 1', 'aa 0', 'aa 1'].map((of) => `history ${of}`),
  )
})

test('another period is read and stays shown', async () => {
  const figures = session.store(Figures)
  figures.report.open()
  await settled()
  await figures.show('2026-10-01')
  await session.refresh()
  expect(server.asked.filter((name) => name.startsWith('estimate'))).toEqual([
    'estimate null',
    'estimate 2026-10-01',
    'estimate 2026-10-01',
  ])
})

test('the answer about a period that is no longer shown is not shown', async () => {
  const figures = session.store(Figures)
  let answer = (): void => undefined
  server.estimate = (period) =>
    period === null
      ? new Promise((resolve) => {
          answer = () => resolve({ cursor: 1 } as never)
        })
      : Promise.resolve({ cursor: 2 } as never)
  figures.report.open()
  await settled()
  await figures.show('2026-10-01')
  answer()
  await settled()
  expect(figures.report.part.value?.cursor).toBe(2)
})

test('what is decided about a phone asks again with a new session', async () => {
  const deciding = session.store(DecidingStore)
  server.failures.set('undo a1 2026-11-27T18:00:00Z', new Failure('token_unknown'))
  await expect(deciding.undoDevice('a1', '2026-11-27T18:00:00Z', true)).rejects.toMatchObject({
    code: 'token_unknown',
  })
  const asked = 'undo a1 2026-11-27T18:00:00Z'
  expect(server.asked).toEqual([asked, 'signIn', asked])
  expect(await deciding.takeBack(1)).toBe('waits')
})

test('an order reads again what is shown of what waits, and nothing else', async () => {
  const deciding = session.store(DecidingStore)
  deciding.acts.open()
  await settled()
  server.asked = []
  await deciding.settle(4, 'confirm')
  expect(server.asked).toEqual(['confirm act 4', 'acts'])
})
