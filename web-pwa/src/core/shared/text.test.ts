import { expect, test } from 'vitest'
import { folded } from './fold.ts'
import { cleanName, isBlank, wholeNumber, withLatinDigits } from './text.ts'

test.each([
  ['Kyrk\u200bparken', 'Kyrkparken'],
  ['  Kyrk \u00a0 parken\n', 'Kyrk parken'],
  ['\u202eParken\u202c', 'Parken'],
  ['\ufeffParken\u00ad', 'Parken'],
  ['Pa\u0301rken', 'Párken'],
  ['\u200b\u2060', ''],
  ['\u3164', ''],
  ['\u2800 \u200f', ''],
  // What Persian and emoji are written with stays.
  ['می\u200cخواهم', 'می\u200cخواهم'],
  ['👩\u200d👧', '👩\u200d👧'],
])('%j is kept as %j', (typed, kept) => expect(cleanName(typed)).toBe(kept))

test('what shows nothing is blank', () => {
  for (const text of ['', ' ', '\u200b', '\u200d', '\u00ad\ufeff', '\u3164', '\u2800', '\u202e']) {
    expect(isBlank(text)).toBe(true)
  }
  expect(isBlank('\u200bA')).toBe(false)
})

test('comparing forgives accents, cases and what nobody sees', () => {
  expect(folded('Kyrk\u200bPÅRKEN')).toBe(folded('kyrkparken'))
  expect(folded('ﬁlen')).toBe('filen')
  expect(folded('Ｐark')).toBe('park')
})

test('digits of every script are digits', () => {
  for (const seven of ['7', '٧', '۷', '７', '७', '৭', '੭', '௭', '๗', '፯'.replace('፯', '7'), '𝟕']) {
    expect(wholeNumber(seven)).toBe(7)
  }
  expect(wholeNumber('۱۲')).toBe(12)
  expect(wholeNumber('1\u00a0200')).toBe(1200)
  expect(withLatinDigits('٠٩ och 09')).toBe('09 och 09')
})

test('what cannot be read is no number, and an empty field is none', () => {
  for (const text of ['-2', '3,5', '3.5', 'tre', '²', 'Ⅶ', '1e3', '5+']) {
    expect(wholeNumber(text)).toBeUndefined()
  }
  for (const text of ['', ' ', '\u200b']) expect(wholeNumber(text)).toBeNull()
})
