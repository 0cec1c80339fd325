import { expect, test } from 'vitest'
import fc from 'fast-check'
import { nightDate, nightNumber, nightOf, nightStart } from './night.ts'

const stockholm = new Intl.DateTimeFormat('sv-SE', {
  timeZone: 'Europe/Stockholm',
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  hourCycle: 'h23',
})

/** The same question put to the time zone database: the local date, a day earlier before noon. */
function byCalendar(at: number): string {
  const parts = Object.fromEntries(stockholm.formatToParts(at).map((p) => [p.type, p.value]))
  const date = Date.UTC(Number(parts['year']), Number(parts['month']) - 1, Number(parts['day']))
  const night = Number(parts['hour']) < 12 ? date - 86_400_000 : date
  return new Date(night).toISOString().slice(0, 10)
}

test('a night runs from noon to noon in Stockholm', () => {
  fc.assert(
    fc.property(fc.integer({ min: Date.UTC(2020, 0), max: Date.UTC(2045, 0) }), (at) => {
      expect(nightDate(nightOf(at))).toBe(byCalendar(at))
    }),
    { numRuns: 500 },
  )
})

test('a night starts when the one before has ended', () => {
  fc.assert(
    fc.property(fc.integer({ min: 18_300, max: 40_000 }), (night) => {
      expect(nightOf(nightStart(night))).toBe(night)
      expect(nightOf(nightStart(night) - 1)).toBe(night - 1)
      expect(nightNumber(nightDate(night))).toBe(night)
    }),
    { numRuns: 500 },
  )
})
