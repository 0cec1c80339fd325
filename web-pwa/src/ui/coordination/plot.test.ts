import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { PeriodLine } from '$core/shared/generated/api.ts'
import { finding, ticks, ticksBetween } from './plot.ts'

const point = (low: number, high: number): PeriodLine => ({
  start: '2026-10-12',
  end: '2026-11-08',
  seen: low,
  estimate: { total: (low + high) / 2, low, high },
  refusal: null,
})
const refused: PeriodLine = { ...point(1, 2), estimate: null }

describe('the finding', () => {
  test('needs two estimates', () => {
    expect(finding([])).toBe('none')
    expect(finding([refused, point(10, 20), refused])).toBe('none')
  })

  test('is a change only when the intervals do not touch', () => {
    expect(finding([point(10, 20), point(21, 30)])).toBe('more')
    expect(finding([point(10, 20), point(20, 30)])).toBe('same')
    expect(finding([point(21, 30), refused, point(10, 20)])).toBe('fewer')
  })
})

test('ticks begin at zero, rise evenly, reach the top and stay few', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1_000_000 }), (top) => {
      const values = ticks(top)
      const [first, second = Number.NaN] = values
      expect(first).toBe(0)
      expect(values.at(-1)).toBeGreaterThanOrEqual(top)
      expect(values.length).toBeLessThanOrEqual(6)
      expect(values.every((value, n) => Math.abs(value - n * second) < 1e-9)).toBe(true)
    }),
  )
})

describe('values between two', () => {
  test('hold both ends and are few', () => {
    fc.assert(
      fc.property(fc.nat(20_000), fc.nat(20_000), fc.integer({ min: 2, max: 6 }), (a, b, count) => {
        const values = ticksBetween(Math.min(a, b), Math.max(a, b), count)
        expect(values[0]).toBeLessThanOrEqual(Math.min(a, b))
        expect(values.at(-1)).toBeGreaterThanOrEqual(Math.max(a, b))
        expect(values.length).toBeLessThanOrEqual(count + 2)
      }),
    )
  })
})
