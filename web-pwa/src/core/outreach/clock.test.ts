import { describe, expect, test } from 'vitest'
import { Clock, type ClockNote } from './clock.ts'
import { nightDate, nightOf } from '../shared/night.ts'

const MINUTE = 60_000
const DAY = 86_400_000
const BUILT = Date.UTC(2026, 10, 1)
const TRUE = Date.UTC(2026, 10, 20, 21)

/** A phone whose clock is `error` ahead of the true time. */
class Phone {
  time = TRUE
  counted = 1_000
  error: number
  clock: Clock
  constructor(error: number, note: ClockNote | null = null, built = BUILT) {
    this.error = error
    this.clock = new Clock(this, note, built)
  }
  now = (): number => this.time + this.error
  counting = (): number => this.counted
  pass(ms: number): void {
    this.time += ms
    this.counted += ms
  }
  sync(trip = 200, drift = 0): void {
    const left = this.clock.counted()
    this.pass(trip / 2)
    const server = this.time + drift
    this.pass(trip / 2)
    this.clock.heard(server, left, this.clock.counted())
  }
  /** Closed and opened again, `ms` later. */
  reopened(ms: number, error = this.error): Phone {
    const next = new Phone(error, this.clock.note)
    next.time = this.time + ms
    next.clock = new Clock(next, this.clock.note, BUILT)
    return next
  }
}

describe('a clock that the server has measured', () => {
  test.each([-11 * 365 * DAY, 4 * DAY, -3 * MINUTE, 0])(
    'tells the right time at %d ms',
    (error) => {
      const phone = new Phone(error)
      phone.sync()
      expect(Math.abs(phone.clock.now() - phone.time)).toBeLessThan(1_000)
      expect(phone.clock.state).toMatchObject({ error, guessed: false, doubted: false })
      phone.pass(3 * 3_600_000)
      expect(phone.clock.now()).toBe(phone.time)
    },
  )

  test('is right offline too, after the app was closed', () => {
    const phone = new Phone(4 * DAY)
    phone.sync()
    const later = phone.reopened(10 * 3_600_000)
    expect(later.clock.now()).toBe(later.time)
  })

  test('is not thrown off by one slow or odd reply', () => {
    const phone = new Phone(DAY)
    for (const drift of [0, 0, 90_000]) phone.sync(200, drift)
    expect(Math.abs(phone.clock.now() - phone.time)).toBeLessThan(100)
    phone.sync(60_000, 50_000)
    expect(Math.abs(phone.clock.now() - phone.time)).toBeLessThan(100)
  })

  test('takes half of the round trip off', () => {
    const phone = new Phone(0)
    phone.sync(8_000)
    expect(phone.clock.state.error).toBe(0)
  })

  test('that was set right by hand is believed at the next reply', () => {
    const phone = new Phone(DAY)
    phone.sync()
    const mended = phone.reopened(MINUTE, 0)
    mended.sync()
    expect(mended.clock.state).toMatchObject({ error: 0, guessed: false, doubted: false })
  })
})

describe('a clock that nobody has measured', () => {
  test('before the app was built stands at least at that time, and is told of', () => {
    const phone = new Phone(Date.UTC(2015, 0, 1) - TRUE)
    expect(phone.clock.now()).toBe(BUILT)
    expect(phone.clock.state.guessed).toBe(true)
    phone.pass(MINUTE)
    expect(phone.clock.now()).toBe(BUILT + MINUTE)
    phone.sync()
    expect(Math.abs(phone.clock.now() - phone.time)).toBeLessThan(1_000)
    expect(phone.clock.state.guessed).toBe(false)
  })

  test('that makes sense is used as it is', () => {
    const phone = new Phone(0)
    expect(phone.clock.now()).toBe(TRUE)
    expect(phone.clock.state).toMatchObject({ error: 0, guessed: false, doubted: false })
  })
})

describe('a clock that jumps', () => {
  test('back while the app is closed does not take time back', () => {
    const phone = new Phone(0)
    phone.sync()
    const last = phone.clock.now()
    const later = phone.reopened(5 * MINUTE, -11 * 365 * DAY)
    expect(later.clock.now()).toBe(last)
    expect(later.clock.state.guessed).toBe(true)
  })

  test('back while the app is open changes nothing', () => {
    const phone = new Phone(0)
    phone.sync()
    phone.error = -11 * 365 * DAY
    phone.pass(MINUTE)
    expect(phone.clock.now()).toBe(phone.time)
    expect(phone.clock.state.guessed).toBe(false)
    expect(phone.reopened(MINUTE).clock.now()).toBe(phone.time + MINUTE)
  })

  test('ahead and is measured then stands no longer ahead', () => {
    const phone = new Phone(0)
    phone.clock.now()
    phone.error = 4 * DAY
    phone.clock.now()
    phone.sync()
    expect(Math.abs(phone.clock.now() - phone.time)).toBeLessThan(1_000)
  })
})

describe('a phone that lay closed', () => {
  const HOUR = 3_600_000
  const used = (): Phone => {
    const phone = new Phone(-3 * MINUTE)
    phone.sync()
    return phone
  }

  test('from one night to the next is not doubted', () => {
    const next = used().reopened(24 * HOUR)
    expect(next.clock.now()).toBe(next.time)
    expect(next.clock.state.doubted).toBe(false)
  })

  test('for two days may have a clock that was put ahead: doubted until the server is heard', () => {
    const later = used().reopened(2 * DAY)
    expect(later.clock.now()).toBe(later.time)
    expect(later.clock.state.doubted).toBe(true)
    // What is saved meanwhile makes nothing surer.
    const again = later.reopened(MINUTE)
    again.clock.now()
    expect(again.clock.state.doubted).toBe(true)
    again.sync()
    expect(again.clock.state).toMatchObject({ doubted: false, heard: again.time })
  })

  test('and slept with the app open is doubted as well', () => {
    const phone = used()
    phone.time += 2 * DAY
    phone.clock.now()
    expect(phone.clock.state.doubted).toBe(true)
  })

  test('with its clock put ahead has the right time once somebody sets it', () => {
    const wrong = used().reopened(HOUR, 4 * DAY)
    wrong.clock.now()
    expect(wrong.clock.state.doubted).toBe(true)
    // While the app is open, or closed.
    const mended = wrong.reopened(MINUTE, -3 * MINUTE)
    expect(mended.clock.now()).toBe(mended.time)
    expect(mended.clock.state).toMatchObject({ doubted: false, guessed: false })
    wrong.error = -3 * MINUTE
    wrong.pass(MINUTE)
    expect(wrong.clock.now()).toBe(wrong.time)
    expect(wrong.clock.state).toMatchObject({ doubted: false, guessed: false })
  })
})

describe('when the server was heard', () => {
  test('stays what it was when the clock is set while the app is open', () => {
    const phone = new Phone(0)
    phone.sync()
    const heard = phone.clock.state.heard
    phone.error = -DAY
    phone.pass(MINUTE)
    expect(phone.clock.now() - (heard ?? 0)).toBe(MINUTE)
    expect(phone.clock.state.heard).toBe(heard)
    expect(phone.reopened(MINUTE).clock.state.heard).toBe(heard)
  })
})

describe.each(['Europe/Stockholm', 'America/Los_Angeles', 'Pacific/Kiritimati', 'UTC'])(
  'with the phone set to %s',
  (zone) => {
    const before = process.env['TZ']
    const inZone = (at: number): string => {
      process.env['TZ'] = zone
      try {
        return nightDate(nightOf(at))
      } finally {
        if (before === undefined) delete process.env['TZ']
        else process.env['TZ'] = before
      }
    }
    test.each([
      // Noon in Stockholm begins a night: 10:00 UTC in summer, 11:00 in winter.
      ['2026-03-28T10:59:00Z', '2026-03-27'],
      ['2026-03-28T11:00:00Z', '2026-03-28'],
      ['2026-03-29T00:59:00Z', '2026-03-28'],
      ['2026-03-29T01:01:00Z', '2026-03-28'],
      ['2026-03-29T09:59:00Z', '2026-03-28'],
      ['2026-03-29T10:00:00Z', '2026-03-29'],
      ['2026-10-24T10:00:00Z', '2026-10-24'],
      ['2026-10-25T00:30:00Z', '2026-10-24'],
      ['2026-10-25T01:30:00Z', '2026-10-24'],
      ['2026-10-25T10:59:00Z', '2026-10-24'],
      ['2026-10-25T11:00:00Z', '2026-10-25'],
    ])('%s belongs to the night of %s', (at, night) => {
      expect(inZone(Date.parse(at))).toBe(night)
    })
  },
)
