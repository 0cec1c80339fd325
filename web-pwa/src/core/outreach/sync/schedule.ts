/**
 * When to exchange with the server. A pure state machine: events and time in,
 * the next state out; `next_at` says when an exchange is to begin.
 *
 * On open, when the network comes back, when the app becomes visible, after a
 * save, when asked, and on a jittered timer. Failures back off exponentially
 * with jitter, so that phones that lost the server together do not come back
 * together.
 */

import type { FailureCode } from '../../shared/failure.ts'
import type { Instant } from '../../shared/model.ts'

/** From a save to its exchange: lets a count and its correction travel together. */
export const AFTER_SAVE_MS = 400
/** Between exchanges while somebody looks at the app. */
export const POLL_VISIBLE_MS = 60_000
/** Between exchanges while nobody does. */
export const POLL_HIDDEN_MS = 600_000
/** First wait after a failure; doubles each time. */
export const FIRST_WAIT_MS = 2_000
/** Longest wait after failures. */
export const LONGEST_WAIT_MS = 300_000
/** Wait after an answer that trying again will hardly change. */
export const STUBBORN_WAIT_MS = 900_000

const STUBBORN: ReadonlySet<FailureCode> = new Set([
  'token_unknown',
  'signature_wrong',
  'protocol_unknown',
  'forbidden',
])

export interface Schedule {
  online: boolean
  visible: boolean
  busy: boolean
  /** Something asked for an exchange while one was under way. */
  again: boolean
  /** Failures in a row. */
  failures: number
  next_at: Instant | null
  /** Erased, or closed: nothing happens any more. */
  stopped: boolean
}

export type ScheduleEvent =
  | { type: 'opened' | 'online' | 'offline' | 'visible' | 'hidden' | 'saved' | 'asked' | 'stop' }
  /** An exchange has begun. */
  | { type: 'began' }
  /** It ended well; `more` says that there is more to exchange right away. */
  | { type: 'ended'; more: boolean }
  | { type: 'failed'; code: FailureCode; retry_after_ms: number | null }

/** Returns the schedule before anything happened. `failures` carries over from engines that broke. */
export function firstSchedule(online: boolean, visible: boolean, failures: number): Schedule {
  return { online, visible, busy: false, again: false, failures, next_at: null, stopped: false }
}

/** Returns `ms`, shortened by up to half. */
function jittered(ms: number, random: number): number {
  return ms * (1 - random / 2)
}

function poll(schedule: Schedule, random: number): number {
  return jittered(schedule.visible ? POLL_VISIBLE_MS : POLL_HIDDEN_MS, random)
}

/** Returns the wait after the given number of failures in a row. */
export function waitAfter(failures: number, code: FailureCode | null, random: number): number {
  if (code !== null && STUBBORN.has(code)) return jittered(STUBBORN_WAIT_MS, random)
  const doubled = FIRST_WAIT_MS * 2 ** Math.min(failures - 1, 20)
  return jittered(Math.min(doubled, LONGEST_WAIT_MS), random)
}

/** Brings the next exchange forward to `at`; never puts it off. */
function soon(schedule: Schedule, at: Instant): Schedule {
  if (schedule.busy) return { ...schedule, again: true }
  const next_at = schedule.next_at === null ? at : Math.min(schedule.next_at, at)
  return { ...schedule, next_at }
}

/** Returns the schedule after an event. `random` in [0, 1). */
export function step(
  schedule: Schedule,
  event: ScheduleEvent,
  now: Instant,
  random: number,
): Schedule {
  if (schedule.stopped) return schedule
  switch (event.type) {
    case 'opened':
      return soon(
        schedule,
        schedule.failures === 0 ? now : now + waitAfter(schedule.failures, null, random),
      )
    case 'online':
      // What failed before says nothing about the network that is there now.
      return soon({ ...schedule, online: true, failures: 0 }, now + random * 500)
    case 'offline':
      return { ...schedule, online: false }
    case 'visible':
      return soon({ ...schedule, visible: true }, now + random * 500)
    case 'hidden':
      return { ...schedule, visible: false }
    case 'saved':
      // While the server cannot be reached, saving does not shorten the wait:
      // otherwise a busy evening offline would mean a try for each tap.
      if (schedule.failures > 0 && schedule.next_at !== null) return schedule
      return soon(schedule, now + AFTER_SAVE_MS)
    case 'asked':
      return soon(schedule, now)
    case 'began':
      return { ...schedule, busy: true, again: false, next_at: null }
    case 'ended': {
      const done = { ...schedule, busy: false, again: false, failures: 0 }
      const at =
        event.more || schedule.again ? now + AFTER_SAVE_MS * random : now + poll(schedule, random)
      return { ...done, next_at: at }
    }
    case 'failed': {
      const failures = schedule.failures + 1
      const wait = Math.max(
        waitAfter(failures, event.code, random),
        event.retry_after_ms === null ? 0 : event.retry_after_ms * (1 + random / 2),
      )
      return { ...schedule, busy: false, again: false, failures, next_at: now + wait }
    }
    case 'stop':
      return { ...schedule, stopped: true, next_at: null, busy: false }
  }
}
