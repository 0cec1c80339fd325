/**
 * What time it is, whatever the phone's clock says. The server's replies show how wrong that
 * clock is; until the first one, and after the clock was put back, time is at least as late as
 * the latest that is known. Nothing tells a clock that was put ahead while nobody looked from a
 * phone that lay closed: then time is doubted until the server is heard.
 */

import type { Instant } from '../shared/model.ts'

/** Measurements that the median is taken of. */
const MOST = 5
/** A clock that is more wrong than this is told of. */
export const CLOCK_OFF_MS = 120_000
/** The wall clock and the one that only counts may part by this while the app is open. */
const SLACK_MS = 2_000
/** A phone that lay closed for longer, without the server since, may have had its clock put ahead. */
const UNSEEN_MS = 36 * 3_600_000
/** A reply that took longer than this says too little of the clock. */
const LONGEST_TRIP_MS = 20_000

/** The clock's note for the next start. Tells nothing but the time: it lies unsealed. */
export interface ClockNote {
  /** The latest measurements of how far the phone's clock is ahead, milliseconds. */
  errors: number[]
  /** The latest time that is known to have been. */
  latest: Instant
  /** While time is doubted: the latest that was known before. */
  sure?: Instant | null
  /** When the server was last heard. */
  heard?: Instant | null
}

export interface ClockState {
  /** How far the phone's clock is ahead, milliseconds; negative when behind. */
  error: number
  /** Nobody has measured it since it last made no sense. */
  guessed: boolean
  /** The clock went far ahead unseen: it may be right. */
  doubted: boolean
  /** When the server was last heard; `null` when this clock has not seen it. */
  heard: Instant | null
}

function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  const upper = sorted[middle] ?? 0
  return sorted.length % 2 === 1 ? upper : Math.round(((sorted[middle - 1] ?? upper) + upper) / 2)
}

export class Clock {
  #wall: () => Instant
  /** Counts milliseconds since some moment and is never set. */
  #counting: () => number
  #errors: number[]
  #error: number
  #guessed = false
  #latest: Instant
  #sure: Instant | null = null
  #heard: Instant | null
  /** Both clocks at one moment. */
  #pair: { wall: Instant; counted: number }

  /** `built`: no time before that of this program can be. */
  constructor(
    source: { now: () => Instant; counting: () => number },
    note: ClockNote | null,
    built: Instant,
  ) {
    this.#wall = source.now
    this.#counting = source.counting
    this.#errors = note?.errors ?? []
    this.#error = median(this.#errors)
    this.#latest = Math.max(note?.sure ?? note?.latest ?? 0, built)
    this.#heard = note?.heard ?? null
    this.#pair = { wall: source.now(), counted: source.counting() }
    if (note !== null) this.#doubt(this.#pair.wall, this.#latest)
    this.#notBefore(this.#pair.wall)
  }

  /** Returns what the clock says, corrected. Never goes back, but behind what was doubted. */
  now(): Instant {
    const wall = this.#look()
    this.#notBefore(wall)
    const now = Math.max(wall - this.#error, this.#latest)
    this.#latest = now
    return now
  }

  get state(): ClockState {
    const doubted = this.#sure !== null
    return { error: this.#error, guessed: this.#guessed, doubted, heard: this.#heard }
  }

  get note(): ClockNote {
    return { errors: this.#errors, latest: this.#latest, sure: this.#sure, heard: this.#heard }
  }

  /** Returns the moment at which a request leaves, to give to `heard`. */
  counted(): number {
    return this.#counting()
  }

  /** Learns from a reply: the server's time, when the request left and when the reply came. */
  heard(server: Instant, left: number, came: number): void {
    const wall = this.#look()
    this.#heard = this.now()
    const trip = came - left
    if (trip < 0 || trip > LONGEST_TRIP_MS) return
    // Some time went by since, storing what came.
    const since = this.#pair.counted - came
    const error = Math.round(wall - since - (server + trip / 2))
    // A clock that was set since says something else than before: only that counts.
    if (this.#guessed || Math.abs(error - median(this.#errors)) > CLOCK_OFF_MS) this.#errors = []
    this.#errors = [...this.#errors, error].slice(-MOST)
    this.#error = median(this.#errors)
    this.#guessed = false
    this.#sure = null
    // What was only guessed, or came of a clock that ran ahead, binds no longer.
    this.#latest = wall - this.#error
    this.#heard = this.#latest
  }

  /** Notes a reply that says nothing of the time. */
  reached(): void {
    this.#heard = this.now()
  }

  /** Reads the clock; one that was set back while the app was open is known by the counting one. */
  #look(): Instant {
    const wall = this.#wall()
    const counted = this.#counting()
    const jump = wall - this.#pair.wall - (counted - this.#pair.counted)
    // Ahead of the counting clock it also comes when the phone has slept.
    if (jump > UNSEEN_MS) this.#doubt(wall, this.#sure ?? this.#latest)
    else if (jump < -SLACK_MS && this.#sure !== null) {
      // Somebody may be setting right what was doubted.
      this.#latest = this.#sure
      this.#doubt(wall, this.#sure)
    } else if (jump < -SLACK_MS) {
      this.#error += jump
      this.#errors = this.#errors.map((error) => error + jump)
    }
    this.#pair = { wall, counted }
    return wall
  }

  /** Whether `wall` is further ahead of what was known than can be told from a wrong clock. */
  #doubt(wall: Instant, known: Instant): void {
    this.#sure = wall - this.#error - known > UNSEEN_MS ? known : null
  }

  #notBefore(wall: Instant): void {
    if (wall - this.#error >= this.#latest - CLOCK_OFF_MS) return
    this.#error = wall - this.#latest
    this.#guessed = true
  }
}
