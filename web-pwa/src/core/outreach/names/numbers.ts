/** Personal numbers and telephone numbers in a text. */

import type { Hit } from './hit.ts'

/** Checks ten digits: a date that can be (a day of 61–91 is a coordination number's) and the check digit. */
function plausible(digits: string, checked: boolean): boolean {
  const month = Number(digits.slice(2, 4))
  const day = Number(digits.slice(4, 6)) % 60
  if (month < 1 || month > 12 || day < 1 || day > 31) return false
  if (!checked) return true
  const sum = Array.from(digits, (digit, i) => {
    const weighed = Number(digit) * (i % 2 === 0 ? 2 : 1)
    return weighed > 9 ? weighed - 9 : weighed
  }).reduce((total, digit) => total + digit, 0)
  return sum % 10 === 0
}

/** As they are mostly written: the check digit may be wrong, and it is one all the same. */
const USUAL = /(?<!\d)(?:18|19|20)?\d{6}[-+–]?\d{4}(?!\d)/g
/** Digits with whatever between them; then the check digit must be right, as at the server. */
const LOOSE = /(?<!\d)\d(?:[-+ \u{a0}–−./]?\d){9,11}(?!\d)/gu
/** A date of birth, with or without its century. */
const BORN =
  /(?:född|född den|f\.|born|născut|nascut|născută|nascuta)\s*:?\s*((?:19|20)?\d{2}[- ]?\d{2}[- ]?\d{2})(?!\d)/giu

const PHONE =
  /(?<![\d\-+.:])(?:\+\d{2}|00\d{2}|0|(?=7[02369]))(?:\(0\))?(?:[ \u{a0}\-/]{0,2}\d){6,12}(?![\d])/gu
/** The city's own numbers, and those that are free to call: nobody's home. */
const PUBLIC = /^(?:\+46|0046|0)8508|^0?20\d|^0771/
/** 07 09 2026, 2026-11-20. */
const DATE = /^\d{1,2}[ \-/]\d{1,2}[ \-/]\d{4}$/

export function findNumbers(text: string): Hit[] {
  const hits: Hit[] = []
  const add = (kind: Hit['kind'], start: number, length: number): void => {
    if (hits.some((other) => start < other.end && other.start < start + length)) return
    hits.push({ kind, start, end: start + length })
  }
  for (const match of text.matchAll(USUAL)) {
    const digits = match[0].replaceAll(/\D/g, '')
    // Ten digits in a row that begin with a nought are a telephone number, unless the check digit says else.
    const checked = /^0\d{9}$/.test(match[0])
    if (plausible(digits.slice(-10), checked)) add('personal_number', match.index, match[0].length)
  }
  for (const match of text.matchAll(LOOSE)) {
    const digits = match[0].replaceAll(/\D/g, '')
    const dated = digits.length === 10 || (digits.length === 12 && /^(?:18|19|20)/.test(digits))
    if (dated && plausible(digits.slice(-10), true)) {
      add('personal_number', match.index, match[0].length)
    }
  }
  for (const match of text.matchAll(BORN)) {
    add('personal_number', match.index, match[0].length)
  }
  for (const match of text.matchAll(PHONE)) {
    const digits = match[0].replaceAll(/[^\d+]/g, '')
    if (PUBLIC.test(digits) || DATE.test(match[0])) continue
    if (digits.replace('+', '').length >= 8) add('phone_number', match.index, match[0].length)
  }
  return hits
}
