import { beforeEach, describe, expect, test } from 'vitest'
import { DEFAULT_CONFIGURATION } from '../defaults.ts'
import { nightOf } from '../../shared/night.ts'
import {
  DAY,
  DEVICE,
  engineDocument,
  id,
  NOW,
  placeView,
  rid,
  samplePlace,
  sampleVisit,
  visitView,
} from '../../../testing/samples.ts'
import { checkCount } from './checks.ts'
import { allConflicts } from './conflicts.ts'
import { outboxRows } from './outbox-rows.ts'
import { bestOfVisit, PageData } from './data.ts'
import { homeModel } from './home.ts'
import { metresBetween, queryPlaces } from './place-rows.ts'
import { placeModel } from './place.ts'
import { suggestion } from './suggestion.ts'
import { visitModel } from './visits.ts'

let data: PageData
const [BRON, PARKEN, LIDEN] = [id(1), id(2), id(3)]

beforeEach(() => {
  data = new PageData(DEFAULT_CONFIGURATION)
  data.member = {
    device: DEVICE,
    role: 'worker',
    organisation: { id: 'eu-teamet', name: 'EU-teamet' },
    label: '',
  }
  data.reset(
    [
      engineDocument(
        placeView(BRON, samplePlace('Bron', { latitude: 5_930_000, longitude: 1_805_000 })),
      ),
      engineDocument(
        placeView(PARKEN, samplePlace('Parken', { latitude: 5_931_000, longitude: 1_805_000 })),
      ),
      engineDocument(placeView(LIDEN, samplePlace('Ån i Farsta'))),
      engineDocument(placeView(id(4), samplePlace('Fel', { withdrawn: true }))),
      engineDocument(placeView(id(5), samplePlace('Samma', { same_as: BRON }))),
    ],
    [],
    { period: nightOf(NOW) - 10, drawn_at: NOW - 2 * DAY, places: [BRON, PARKEN] },
  )
})

const visited = (n: number, place: string, at: number, figures: number[]): void =>
  data.put(engineDocument(visitView(id(n), sampleVisit(place, at, figures))))

describe('home', () => {
  test('the round is the drawn places that nobody has visited in the period', () => {
    expect(homeModel(data, NOW).round.map((r) => r.name)).toEqual(['Bron', 'Parken'])
    visited(10, BRON, NOW - DAY, [3])
    const home = homeModel(data, NOW)
    expect(home.round.map((r) => r.name)).toEqual(['Parken'])
    expect(home.drawn).toEqual({ total: 2, visited: 1 })
    data.setCoverage(PARKEN, [
      {
        place: PARKEN,
        night: nightOf(NOW),
        organisation: 'x',
        complete: true,
        count: 2,
        present: true,
      },
    ])
    expect(homeModel(data, NOW).round).toEqual([])
  })

  test('a visit before the period does not count for it', () => {
    visited(10, BRON, NOW - 11 * DAY, [3])
    expect(homeModel(data, NOW).round.map((r) => r.name)).toEqual(['Bron', 'Parken'])
  })

  test('a place is due after a week without anybody', () => {
    expect(homeModel(data, NOW).due.map((r) => r.name)).toEqual(['Ån i Farsta'])
    visited(10, LIDEN, NOW - 6 * DAY, [1])
    expect(homeModel(data, NOW).due).toEqual([])
    expect(homeModel(data, NOW + DAY).due.map((r) => r.name)).toEqual(['Ån i Farsta'])
  })

  test('nearest first where a position is known', () => {
    data.position = { latitude: 59.31, longitude: 18.05, accuracy: 10, at: NOW }
    expect(homeModel(data, NOW).round.map((r) => r.name)).toEqual(['Parken', 'Bron'])
    expect(homeModel(data, NOW + DAY).round[0]?.distance).toBeNull()
  })

  test('tonight sums visits, not persons', () => {
    visited(10, BRON, NOW - 1000, [3, 5])
    visited(11, PARKEN, NOW - DAY, [3])
    const { tonight } = homeModel(data, NOW)
    expect(tonight).toMatchObject({ counts: 2, encounters: 0 })
    expect(tonight.visits.map((v) => [v.place_name, v.best])).toEqual([['Bron', 4]])
  })
})

test('two counts are two observations of one thing: the median, rounded up', () => {
  expect(bestOfVisit(sampleVisit(BRON, NOW, []))).toBeNull()
  expect(bestOfVisit(sampleVisit(BRON, NOW, [5, 3]))).toBe(4)
  expect(bestOfVisit(sampleVisit(BRON, NOW, [2, 5]))).toBe(4)
  expect(bestOfVisit(sampleVisit(BRON, NOW, [9, 1, 2]))).toBe(2)
})

describe('places', () => {
  test('every place is there unless fewer are asked for', () => {
    for (let n = 0; n < 600; n += 1)
      data.put(engineDocument(placeView(id(1_000 + n), samplePlace(`Plats ${n}`))))
    expect(queryPlaces(data, { order: 'name' }, NOW).length).toBeGreaterThan(600)
    expect(queryPlaces(data, { order: 'near', limit: 5 }, NOW)).toHaveLength(5)
  })

  test('recent is by what this organisation recorded last', () => {
    visited(10, PARKEN, NOW - DAY, [1])
    visited(11, LIDEN, NOW - 2 * DAY, [1])
    const rows = queryPlaces(data, { order: 'recent' }, NOW)
    expect(rows.map((r) => r.name)).toEqual(['Parken', 'Ån i Farsta', 'Bron'])
  })

  test('the figure is that of the latest night that saw the place', () => {
    visited(10, BRON, NOW - 3 * DAY, [8])
    data.setCoverage(BRON, [
      {
        place: BRON,
        night: nightOf(NOW) - 2,
        organisation: 'x',
        complete: true,
        count: 6,
        present: true,
      },
      {
        place: BRON,
        night: nightOf(NOW) - 1,
        organisation: 'x',
        complete: false,
        count: null,
        present: true,
      },
    ])
    expect(placeModel(data, BRON, NOW)?.row).toMatchObject({
      last_count: 6,
      last_night: '2026-11-19',
    })
  })

  test('forgetting a visit forgets its night', () => {
    visited(10, BRON, NOW, [8])
    data.remove(id(10))
    expect(placeModel(data, BRON, NOW)).toMatchObject({
      visits: [],
      tonight: null,
      row: { last_night: null },
    })
  })

  test('the place used last tonight is suggested, before the one that is near', () => {
    data.position = { latitude: 59.31, longitude: 18.05, accuracy: 10, at: NOW }
    visited(10, BRON, NOW - 3 * DAY, [1])
    expect(suggestion(data, NOW).place?.name).toBe('Parken')
    visited(11, LIDEN, NOW - 1000, [1])
    expect(suggestion(data, NOW).place?.name).toBe('Ån i Farsta')
  })
})

test('metres agree with a known distance', () => {
  // Stockholm C to Uppsala C: 63.5 km as the crow flies, to a few hundred metres.
  const metres = metresBetween(
    { latitude: 59.3302, longitude: 18.0581 },
    { latitude: 59.8585, longitude: 17.6465 },
  )
  expect(metres).toBeGreaterThan(63_000)
  expect(metres).toBeLessThan(64_000)
})

test('conflicts say what they concern, and who wrote what', () => {
  const visit = sampleVisit(BRON, NOW, [3])
  const conflict = {
    path: ['counts', rid(1), 'adults'],
    values: [
      { op: '1@aa', value: 3, device: DEVICE, winner: true },
      { op: '1@bb', value: 4, device: '00000000000000bb', winner: false },
    ],
  }
  data.put(engineDocument(visitView(id(10), visit, [conflict])))
  expect(allConflicts(data)).toMatchObject([
    {
      place_name: 'Bron',
      field: 'adults',
      record: { sort: 'count', record: rid(1) },
      values: [{ mine: true }, { mine: false }],
    },
  ])
  expect(homeModel(data, NOW).conflicts).toBe(1)
  expect(visitModel(data, id(10), NOW)?.conflicts).toHaveLength(1)
})

test('the outbox lists the refused first, then the oldest', () => {
  const put = (n: number, since: number, rejected: { code: string; detail: string } | null): void =>
    data.put(
      engineDocument(visitView(id(n), sampleVisit(BRON, NOW, [1])), {
        unsent: 1,
        waiting_since: since,
        rejected,
      }),
    )
  put(10, NOW, null)
  put(11, NOW - 5, null)
  put(12, NOW, { code: 'invalid', detail: '' })
  expect(outboxRows(data).map((r) => r.document)).toEqual([id(12), id(11), id(10)])
})

test('warnings point out what can hardly be meant', () => {
  const warn = (count: object) => checkCount(data, count, BRON, NOW)
  expect(warn({ adults: 4, low: 2, high: 6, eu_eea: 4 })).toEqual([])
  expect(warn({ adults: 4, low: 5 })).toEqual(['low_above_best'])
  expect(warn({ adults: 4, high: 3 })).toEqual(['high_below_best'])
  expect(warn({ adults: 4, eu_eea: 3, third_country: 2 })).toEqual(['groups_above_best'])
  expect(warn({ tents: 2, tents_opened: 3 })).toEqual(['opened_above_tents'])
  visited(10, BRON, NOW - DAY, [10])
  expect(warn({ adults: 31 })).toEqual(['far_above_usual'])
  expect(warn({ adults: 30 })).toEqual([])
})
