import { expect, test } from 'vitest'
import { districtAt, projection, type DistrictMap, type LonLat } from './map.ts'

const square = (west: number, south: number, side: number): LonLat[] => [
  [west, south],
  [west + side, south],
  [west + side, south + side],
  [west, south + side],
  [west, south],
]

const map: DistrictMap = {
  sample: true,
  attribution: '',
  districts: [
    { code: 'a', name: 'A', rings: [square(18, 59, 0.2), square(18.05, 59.05, 0.05)] },
    { code: 'b', name: 'B', rings: [square(18.2, 59, 0.2)] },
  ],
}

test('a point is put into its district, and a hole is none', () => {
  expect(districtAt(map, [18.02, 59.1])).toBe('a')
  expect(districtAt(map, [18.3, 59.1])).toBe('b')
  expect(districtAt(map, [18.07, 59.07])).toBeNull()
  expect(districtAt(map, [17, 59])).toBeNull()
})

test('the picture fits, keeps shapes, and leads back', () => {
  const flat = projection(map, 400)
  expect(flat.toXY([18, 59.2])).toEqual([0, 0])
  const [x, y] = flat.toXY([18.4, 59])
  expect(x).toBeCloseTo(400)
  expect(y).toBeCloseTo(flat.height)
  // 0.4° of longitude at 59.1° N is about as far as 0.205° of latitude.
  expect(flat.height / flat.width).toBeCloseTo(0.2 / (0.4 * Math.cos((59.1 * Math.PI) / 180)), 5)
  const [longitude, latitude] = flat.toLonLat(...flat.toXY([18.123, 59.045]))
  expect(longitude).toBeCloseTo(18.123, 9)
  expect(latitude).toBeCloseTo(59.045, 9)
})
