import { expect, test } from 'vitest'
import { CLEAN, PERSONAL } from './corpus.ts'
import { findPersonal, type About } from './find.ts'

const ABOUTS: About[] = ['place', 'person']
const kinds = (text: string, about: About = 'person') =>
  findPersonal(text, about).map(({ kind }) => kind)
const marked = (text: string, about: About = 'person') =>
  findPersonal(text, about).map(({ start, end }) => text.slice(start, end))

test('of a hundred ordinary notes at most five are asked about', () => {
  const notes = ABOUTS.flatMap((about) => CLEAN[about].map((text) => ({ text, about })))
  const alarms = notes.filter(({ text, about }) => findPersonal(text, about).length > 0)
  expect(notes).toHaveLength(100)
  expect(alarms.map(({ text, about }) => [text, marked(text, about)]).slice(5)).toEqual([])
})

test('of fifty notes that name somebody at most five pass', () => {
  const notes = ABOUTS.flatMap((about) => PERSONAL[about].map((text) => ({ text, about })))
  const misses = notes.filter(({ text, about }) => findPersonal(text, about).length === 0)
  expect(notes).toHaveLength(50)
  expect(misses.map(({ text }) => text).slice(5)).toEqual([])
})

test.each([
  ['811228-9874', 'personal_number'],
  ['198112289874', 'personal_number'],
  ['81 12 28 98 74', 'personal_number'],
  ['850769-9802', 'personal_number'],
  ['850769-9803', 'personal_number'],
  ['070-123 45 67', 'phone_number'],
  ['0701234567', 'phone_number'],
  ['+40 722 123 456', 'phone_number'],
  ['+359888123456', 'phone_number'],
])('a number is found however it is written: %s', (text, kind) => {
  expect(kinds(`det är ${text} nu`)).toEqual([kind])
})

test('the words themselves are marked', () => {
  expect(marked('Vi talade med Ana Popescu på 070-123 45 67 i går')).toEqual([
    'Ana Popescu',
    '070-123 45 67',
  ])
})

test('a street is welcome about a place, and not about a person', () => {
  expect(kinds('Kyrkogatan 5, trappuppgång B', 'place')).toEqual([])
  expect(kinds('Sover på Kyrkogatan 5', 'person')).toEqual(['address'])
  expect(kinds('Hon bor på Kyrkogatan 5', 'place')).toEqual(['address'])
})

test('times, dates, amounts and the public numbers are no telephone numbers', () => {
  for (const text of [
    '08.30-09.15',
    '2026-11-20 22:30',
    '07-09-2026',
    '08-508 40 000',
    '112',
    '0-12 personer',
  ]) {
    expect(kinds(text)).toEqual([])
  }
})
