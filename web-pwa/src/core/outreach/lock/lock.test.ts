import { describe, expect, test } from 'vitest'
import { nextAttempt, waitAfterWrong } from '../../shared/backoff.ts'
import { leaseOver, lockIn } from './idle.ts'
import { normalisedPassphrase, passphraseProblem } from '../../shared/passphrase.ts'

const LIMITS = { idle_minutes: 5, hidden_seconds: 60, lease_days: 14 }
const DAY = 86_400_000

describe('wrong passphrases', () => {
  test('three are free, then it takes longer and longer', () => {
    expect([1, 2, 3, 4, 5, 6, 7, 8, 50].map(waitAfterWrong)).toEqual([
      0, 0, 0, 5_000, 15_000, 60_000, 300_000, 900_000, 900_000,
    ])
    expect(waitAfterWrong(0)).toBe(0)
  })

  test('a wait ends, and a clock that is put back does not end it', () => {
    const attempts = { failures: 4, tried_at: 1_000_000 }
    expect(nextAttempt(attempts, 1_000_000)).toBe(1_005_000)
    expect(nextAttempt(attempts, 1_004_999)).toBe(1_005_000)
    expect(nextAttempt(attempts, 1_005_000)).toBeNull()
    expect(nextAttempt(attempts, 10)).toBe(5_010)
    expect(nextAttempt({ failures: 2, tried_at: 1_000_000 }, 10)).toBeNull()
  })
})

describe('nobody uses the phone', () => {
  test('a page that is looked at locks for want of a touch only', () => {
    const use = { seen: 0, touched: 0 }
    expect(lockIn(use, true, LIMITS, 299_999)).toBe(1)
    expect(lockIn(use, true, LIMITS, 300_000)).toBe(0)
  })

  test('one that is out of sight locks after a minute', () => {
    const use = { seen: 100_000, touched: 90_000 }
    expect(lockIn(use, false, LIMITS, 159_000)).toBe(1_000)
    expect(lockIn(use, false, LIMITS, 161_000)).toBe(-1_000)
    expect(lockIn(use, true, LIMITS, 161_000)).toBeGreaterThan(0)
  })
})

describe('the lease', () => {
  test('holds for its days from the last contact', () => {
    expect(leaseOver(DAY, LIMITS, 15 * DAY)).toBeNull()
    expect(leaseOver(DAY, LIMITS, 15 * DAY + 1)).toEqual({ days: 14 })
    expect(leaseOver(null, LIMITS, 99 * DAY)).toBeNull()
  })

  test('a clock that was put back does not stretch it', () => {
    expect(leaseOver(10 * DAY, LIMITS, 9.5 * DAY)).toBeNull()
    expect(leaseOver(10 * DAY, LIMITS, 8 * DAY)).toEqual({ days: 0 })
  })
})

describe('passphrases', () => {
  test('are long, and more than digits or one letter', () => {
    expect(passphraseProblem('kort fras')).toBe('short')
    expect(passphraseProblem('1234 5678 9012 3456')).toBe('digits')
    expect(passphraseProblem('aaaa bbbb aaaa')).toBe('same')
    expect(passphraseProblem('lykta barr fjäril skruv')).toBeNull()
  })

  test('are the same however they were composed', () => {
    expect(normalisedPassphrase(' fja\u0308ril  skruv ')).toBe('fjäril skruv')
  })
})
