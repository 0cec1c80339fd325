import { expect, test } from 'vitest'
import type { Visit } from '../../shared/model.ts'
import { nightDate, nightOf } from '../../shared/night.ts'
import { loadedCore, park, Phone } from '../../../testing/phone.ts'
import { MemoryServer } from '../../../testing/server.ts'

const DAY = 86_400_000
const core = await loadedCore()

const nights = (visit: Visit): string[] =>
  [visit.started, ...Object.values(visit.counts).map((count) => count.at)].map((at) =>
    nightDate(nightOf(at)),
  )

test.each([Date.UTC(2015, 0, 1) - Date.UTC(2026, 10, 20, 21), 4 * DAY])(
  'a phone whose clock is %d ms ahead saves in the right night once it has heard the server, offline and after a restart too',
  async (error) => {
    const phone = new Phone(core, new MemoryServer(), 1)
    phone.clockError = error
    await phone.start()
    await phone.sync()
    const { place } = await phone.do(park())
    const where = { place: place ?? '' }
    await phone.start()
    const { document } = await phone.do({ type: 'count', where, count: { adults: 3 } })
    const visit = await phone.visit(document)
    expect(nights(visit)).toEqual(['2026-11-20', '2026-11-20'])
    expect(Math.abs(visit.started - phone.now)).toBeLessThan(2_000)
    const { sync } = await phone.state()
    expect(Math.abs(sync.clock_error - error)).toBeLessThan(2_000)
    expect(sync.clock_guessed).toBe(false)
  },
)

test('a clock from before the app was built saves no earlier than that, and says so', async () => {
  const phone = new Phone(core, new MemoryServer(), 1)
  phone.clockError = Date.UTC(2015, 0, 1) - phone.now
  await phone.start()
  const { place } = await phone.do(park())
  const { document } = await phone.do({
    type: 'count',
    where: { place: place ?? '' },
    count: { adults: 1 },
  })
  expect((await phone.visit(document)).started).toBeGreaterThanOrEqual(Date.UTC(2026, 10, 1))
})

test('the lease runs by the time as it is: a clock that is set changes nothing, one that makes no sense is no help', async () => {
  const phone = await new Phone(core, new MemoryServer(), 1).start()
  await phone.sync()
  const heard = phone.now
  /** How long ago the server was heard, as the lease sees it. */
  const age = async (): Promise<number> => {
    const { sync } = await phone.state()
    return phone.now + phone.clockError - (sync.heard_at ?? 0)
  }
  // Set while the app is open, and told of by what is saved next.
  phone.now += DAY / 2
  phone.clockError = -3 * DAY
  await phone.do(park())
  expect(await age()).toBe(phone.now - heard)
  expect((await phone.state()).sync.received_at).toBe(heard)
  // Put back while it is closed: by the clock itself the server is not heard yet.
  phone.clockError = -40 * DAY
  await phone.start()
  expect((await phone.state()).sync.clock_guessed).toBe(true)
  expect(await age()).toBeLessThan(-DAY)
})
