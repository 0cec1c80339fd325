import { describe, expect, test } from 'vitest'
import { PlaceIndex } from './place-index.ts'
import type { PlaceRow } from './page-models.ts'

const row = (name: string, more: Partial<PlaceRow> = {}): PlaceRow => ({
  place: name,
  name,
  place_type: 'sleeping_place',
  district: 'farsta',
  district_name: 'Farsta',
  state: 'unknown',
  distance: null,
  drawn: false,
  visited_tonight: false,
  visited_in_period: false,
  last_night: null,
  last_count: null,
  last_used: null,
  ...more,
})

const FIRST = ['Kyrk', 'Slotts', 'Berg', 'Skogs', 'Järn', 'Ång', 'Ö', 'Sjö', 'Åker', 'Hög']
const LAST = ['parken', 'bron', 'backen', 'gården', 'torget', 'viken', 'dalen', 'berget']

/** Returns a made-up city of so many places. */
const city = (places: number): PlaceRow[] =>
  Array.from({ length: places }, (_, n) =>
    row(
      `${FIRST[n % FIRST.length]}${LAST[Math.floor(n / 10) % LAST.length]} ${Math.floor(n / 80)}`,
      {
        place: String(n),
      },
    ),
  )
const names = (rows: PlaceRow[]): string[] => rows.map(({ name }) => name)

describe('a city of 10,000 places', () => {
  const index = new PlaceIndex(city(10_000))

  test('every hit is there, not the first hundred or five hundred of them', () => {
    expect(index.find('parken').hits).toHaveLength(1_250)
    expect(index.all).toHaveLength(10_000)
    expect(index.find('kyrkparken 12').hits.length).toBeGreaterThan(0)
  })

  test('typing on, and taking letters back, finds what asking at once finds', () => {
    const small = new PlaceIndex(city(1_000))
    const typed = ['p', 'pa', 'park', 'parken 1', 'parken 12', 'parken', 'bron', 'bron k', 'b']
    for (const text of typed) {
      expect(small.find(text).hits).toEqual(new PlaceIndex(small.all).find(text).hits)
    }
  })

  test('two words are found in any order', () => {
    expect(names(index.find('124 jarnviken').hits)).toEqual(['Järnviken 124'])
  })

  test('what is made of a name is made again only when the name changed', () => {
    const rows = city(10_000)
    const renamed = rows.with(17, row('Aaa', { place: '17' })).slice(0, 9_999)
    const after = new PlaceIndex(renamed, new PlaceIndex(rows))
    expect(after.all).toHaveLength(9_999)
    expect(names(after.all)).toEqual(names(new PlaceIndex(renamed).all))
    expect(names(after.find('aaa').hits)).toEqual(['Aaa'])
  })
})

test('rows are those of now, though their names were folded before', () => {
  const before = new PlaceIndex([row('Bron')])
  const after = new PlaceIndex([row('Bron', { distance: 12 })], before)
  expect(after.find('bron').hits[0]?.distance).toBe(12)
})

test.each([
  ['kraka', 'another letter'],
  ['Kråbär', 'one missing'],
  ['kråkkbär', 'one too many'],
  ['krkåbär', 'two swapped'],
  ['rakbar', 'the first missing'],
])('%j finds Kråkbär: %s', (typed) => {
  const index = new PlaceIndex([row('Norra Kråkbär'), row('Parken')])
  const { hits, alike } = index.find(typed)
  expect([names(hits), names(alike)].flat()).toEqual(['Norra Kråkbär'])
})

test('a short word is taken at its letters', () => {
  expect(new PlaceIndex([row('Bron')]).find('bra').alike).toEqual([])
})

test('beside plenty of hits nothing else is offered', () => {
  const many = ['1', '2', '3', '4', '5'].map((n) => row(`Bron ${n}`))
  const near = row('Brun')
  expect(names(new PlaceIndex([...many, near]).find('bron').alike)).toEqual([])
  expect(names(new PlaceIndex([...many.slice(1), near]).find('bron').alike)).toEqual(['Brun'])
})

test('the district is searched, and a name of exactly what was typed comes first', () => {
  const there = { district_name: 'Ågesta' }
  const index = new PlaceIndex([
    row('Agestaparken', there),
    row('Ågesta', there),
    row('Bron', there),
  ])
  expect(names(index.find('ÅGESTA').hits)).toEqual(['Ågesta', 'Agestaparken', 'Bron'])
})

test('with a position the nearest come first, after the name itself; else those that begin so', () => {
  const far = row('Bron', { distance: 900 })
  const rows = [row('Nya bron'), row('Bron vid sjön')]
  expect(names(new PlaceIndex(rows).find('bron').hits)).toEqual(['Bron vid sjön', 'Nya bron'])
  const [nya, sjon] = rows as [PlaceRow, PlaceRow]
  const placed = [{ ...nya, distance: 20 }, { ...sjon, distance: 90 }, row('Bronäs'), far]
  const found = new PlaceIndex(placed).find('bron')
  expect(names(found.hits)).toEqual(['Bron', 'Nya bron', 'Bron vid sjön', 'Bronäs'])
  expect(found.nearest).toBe(true)
})

test('nothing typed finds nothing', () => {
  const index = new PlaceIndex([row('Bron')])
  expect(index.find(' \u0301 ')).toEqual({ hits: [], alike: [], nearest: false })
})
