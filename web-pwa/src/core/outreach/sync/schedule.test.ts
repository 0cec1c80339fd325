import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  AFTER_SAVE_MS,
  firstSchedule,
  LONGEST_WAIT_MS,
  POLL_VISIBLE_MS,
  step,
  STUBBORN_WAIT_MS,
  type Schedule,
  type ScheduleEvent,
} from './schedule.ts'

const T = 1_800_000_000_000

function play(events: [ScheduleEvent, number][], from = firstSchedule(true, true, 0)): Schedule {
  return events.reduce((s, [event, at]) => step(s, event, at, 0.5), from)
}

describe('when to exchange', () => {
  test('on open, at once', () => {
    expect(play([[{ type: 'opened' }, T]]).next_at).toBe(T)
  })

  test('after a save, shortly', () => {
    const idle = play([
      [{ type: 'opened' }, T],
      [{ type: 'began' }, T],
      [{ type: 'ended', more: false }, T + 50],
    ])
    expect(idle.next_at).toBe(T + 50 + POLL_VISIBLE_MS * 0.75)
    expect(step(idle, { type: 'saved' }, T + 1000, 0).next_at).toBe(T + 1000 + AFTER_SAVE_MS)
  })

  test('a save during an exchange is sent right after it', () => {
    const ended = play([
      [{ type: 'began' }, T],
      [{ type: 'saved' }, T + 10],
      [{ type: 'ended', more: false }, T + 50],
    ])
    expect(ended.next_at).toBeLessThanOrEqual(T + 50 + AFTER_SAVE_MS)
  })

  test('saving does not shorten the wait while the server is away; the network coming back does', () => {
    let s = firstSchedule(true, true, 0)
    for (let i = 0; i < 6; i++) {
      s = play(
        [
          [{ type: 'began' }, T],
          [{ type: 'failed', code: 'unreachable', retry_after_ms: null }, T],
        ],
        s,
      )
    }
    const waiting = s.next_at
    expect(waiting).toBe(T + 48_000)
    expect(step(s, { type: 'saved' }, T + 1, 0).next_at).toBe(waiting)
    expect(step(s, { type: 'online' }, T + 1, 0)).toMatchObject({ next_at: T + 1, failures: 0 })
  })

  test('a busy server decides how long; a stubborn refusal is not hammered', () => {
    const failed = (code: 'busy' | 'token_unknown', retry_after_ms: number | null) =>
      step(firstSchedule(true, true, 0), { type: 'failed', code, retry_after_ms }, T, 0).next_at
    expect(failed('busy', 30_000)).toBe(T + 30_000)
    expect(failed('token_unknown', null)).toBe(T + STUBBORN_WAIT_MS)
  })

  test('nothing happens after stop', () => {
    const stopped = play([
      [{ type: 'stop' }, T],
      [{ type: 'asked' }, T],
      [{ type: 'online' }, T],
    ])
    expect(stopped.next_at).toBeNull()
  })
})

test('whatever happens, a phone that is not busy has a next try within bounds', () => {
  const event: fc.Arbitrary<ScheduleEvent> = fc.oneof(
    fc.constantFrom<ScheduleEvent>(
      { type: 'online' },
      { type: 'offline' },
      { type: 'visible' },
      { type: 'hidden' },
      { type: 'saved' },
      { type: 'asked' },
      { type: 'began' },
    ),
    fc.record({ type: fc.constant('ended' as const), more: fc.boolean() }),
    fc.record({
      type: fc.constant('failed' as const),
      code: fc.constantFrom('unreachable' as const, 'busy' as const, 'token_unknown' as const),
      retry_after_ms: fc.constant(null),
    }),
  )
  fc.assert(
    fc.property(
      fc.array(fc.tuple(event, fc.integer({ min: 0, max: 90_000 })), { maxLength: 60 }),
      fc.double({ min: 0, max: 0.999, noNaN: true }),
      (events, random) => {
        let now = T
        let s = step(firstSchedule(true, true, 0), { type: 'opened' }, now, random)
        for (const [e, later] of events) {
          now += later
          s = step(s, e, now, random)
          if (!s.busy) {
            expect(s.next_at).not.toBeNull()
            expect(s.next_at).toBeLessThanOrEqual(now + Math.max(LONGEST_WAIT_MS, STUBBORN_WAIT_MS))
          }
        }
      },
    ),
  )
})
