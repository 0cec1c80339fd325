import { expect, test } from 'vitest'
import { checkNote } from './checks.ts'

// Invented numbers and names; none is a person's.
test.each([
  ['pnr 850709-9805', ['personal_number']],
  ['198507099805', ['personal_number']],
  ['samordningsnummer 850769-9802', ['personal_number']],
  ['ring 070-123 45 67', ['phone_number']],
  ['+46 70 123 45 67', ['phone_number']],
  ['hon heter Ana', ['name']],
  ['talade med Ana Popescu om vård', ['name']],
  ['a man named Ion asked', ['name']],
])('finds what must not be in a note: %s', (text, found) => {
  expect(checkNote(text)).toEqual(found)
})

test.each([
  '',
  'Åtta personer, två tält, ett öppet.',
  'Kallt, minus 12 grader. Återkommer 22.30.',
  'De behöver filtar. Kontakt med socialjouren 21:40.',
  'Platsen ligger 300 m norr om stationen.',
  'Plats 12, räknade 14 vuxna 2026-11-20',
])('leaves an ordinary note alone: %s', (text) => {
  expect(checkNote(text)).toEqual([])
})
