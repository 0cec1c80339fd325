import { i18n } from './i18n.svelte.ts'

const DAY = 86_400_000
const zone = 'Europe/Stockholm'

const formats = new Map<string, Intl.DateTimeFormat>()

/** Made once a language: that takes a slow phone two milliseconds, and searches show figures at each key. */
const numbers = new Map<string, Intl.NumberFormat>()

function format(options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = i18n.locale + JSON.stringify(options)
  let found = formats.get(key)
  if (!found) {
    found = new Intl.DateTimeFormat(i18n.locale, { timeZone: zone, ...options })
    formats.set(key, found)
  }
  return found
}

/** Returns a number with the language's grouping. */
export function number(n: number): string {
  let found = numbers.get(i18n.locale)
  if (!found) numbers.set(i18n.locale, (found = new Intl.NumberFormat(i18n.locale)))
  return found.format(n)
}

/** Returns a share as whole per cent. */
export function percent(share: number): string {
  return share.toLocaleString(i18n.locale, { style: 'percent', maximumFractionDigits: 0 })
}

/** Returns the time of day, e.g. `21:40`. `at` in milliseconds since 1970. */
export function time(at: number): string {
  return format({ hour: '2-digit', minute: '2-digit' }).format(at)
}

/** Returns a short date, e.g. `21 nov.`. */
export function shortDate(at: number): string {
  return format({ day: 'numeric', month: 'short' }).format(at)
}

/** Returns a time today, and a date and a time on any other day. */
export function moment(at: number, now: number): string {
  return day(at) === day(now) ? time(at) : `${shortDate(at)} ${time(at)}`
}

/** Writes dates as YYYY-MM-DD. Made once: that takes a slow phone a millisecond or more. */
let plain: Intl.DateTimeFormat | undefined

/** Days since 1970 of the local date. */
function day(at: number): number {
  plain ??= new Intl.DateTimeFormat('en-CA', { timeZone: zone })
  const [year, month, date] = plain.format(at).split('-').map(Number)
  return Date.UTC(year ?? 0, (month ?? 1) - 1, date) / DAY
}

/** Returns how long ago in whole days: `i dag`, `i går`, `3 dagar sedan`. */
export function ago(at: number, now: number): string {
  const days = day(now) - day(at)
  const { common } = i18n.t
  if (days <= 0) return common.today
  if (days === 1) return common.yesterday
  return common.daysAgo(days)
}

/** Returns the two dates of a night, e.g. `21–22 nov.`. `night` is the date on which it starts, YYYY-MM-DD. */
export function nightDates(night: string): string {
  const start = Date.parse(`${night}T12:00:00Z`)
  return format({ day: 'numeric', month: 'short' }).formatRange(start, start + DAY)
}

/** Returns a plain date (YYYY-MM-DD) as `21 nov.`. */
export function plainDate(date: string): string {
  return shortDate(Date.parse(`${date}T12:00:00Z`))
}

/** Returns a span of plain dates, e.g. `26 okt.–22 nov.`. */
export function span(start: string, end: string): string {
  return format({ day: 'numeric', month: 'short' }).formatRange(
    Date.parse(`${start}T12:00:00Z`),
    Date.parse(`${end}T12:00:00Z`),
  )
}

/** Returns a distance, to 50 m below a kilometre and to 0.1 km above. */
export function distance(metres: number): string {
  if (metres < 950) return `${Math.max(50, Math.round(metres / 50) * 50)} m`
  const one = { minimumFractionDigits: 1, maximumFractionDigits: 1 }
  return `${(metres / 1000).toLocaleString(i18n.locale, one)} km`
}

const HOUR_MIN = 60
const DAY_MIN = 1440

/** A duration's words by its unit. */
interface DurationTexts {
  minutes: (n: number) => string
  hours: (n: number) => string
  days: (n: number) => string
}

/** Returns a duration in the largest unit of which it has a whole one, rounded down. */
export function lasting(minutes: number, words: DurationTexts): string {
  if (minutes < HOUR_MIN) return words.minutes(minutes)
  if (minutes < DAY_MIN) return words.hours(Math.floor(minutes / HOUR_MIN))
  return words.days(Math.floor(minutes / DAY_MIN))
}

/** Returns a duration in the largest unit of which it has two, rounded. */
export function roughly(minutes: number, words: DurationTexts): string {
  if (minutes < 2 * HOUR_MIN) return words.minutes(minutes)
  if (minutes < 2 * DAY_MIN) return words.hours(Math.round(minutes / HOUR_MIN))
  return words.days(Math.round(minutes / DAY_MIN))
}

/** Returns a number with at most so many decimals, e.g. `0,69`. */
export function decimal(n: number, digits = 2): string {
  return n.toLocaleString(i18n.locale, { maximumFractionDigits: digits })
}
