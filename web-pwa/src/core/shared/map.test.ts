import { describe, expect, test } from 'vitest'
import { districtAt, projection, stepped, type DistrictMap, type LonLat } from './map.ts'

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

describe('a pin that is moved by keys', () => {
  const flat = projection(map, 400)
  const arrow = (key: string, shiftKey = false) => ({ key, shiftKey })
  const from = flat.toLonLat(100, 50)
  const to = (key: string, shift = false, seen = 400) => {
    const at = stepped(flat, from, arrow(key, shift), seen)
    return at === null ? null : flat.toXY(at).map((n) => Math.round(n * 1000) / 1000)
  }

  test('goes a step where the arrow points, and a long one with Shift', () => {
    expect(to('ArrowRight')).toEqual([110, 50])
    expect(to('ArrowLeft')).toEqual([90, 50])
    expect(to('ArrowUp')).toEqual([100, 40])
    expect(to('ArrowDown')).toEqual([100, 60])
    expect(to('ArrowRight', true)).toEqual([150, 50])
  })

  test('goes shorter steps the closer one looks', () => {
    expect(to('ArrowRight', false, 25)).toEqual([100.625, 50])
    expect(to('ArrowRight', true, 25)).toEqual([103.125, 50])
  })

  test('stays on the map, and other keys leave it', () => {
    expect(to('ArrowUp', true, 4000)).toEqual([100, 0])
    expect(to('ArrowLeft', true, 4000)).toEqual([0, 50])
    for (const key of ['Tab', 'a', 'Home', 'Enter', ' ']) expect(to(key)).toBeNull()
  })

  test('is led from one district into another', () => {
    let at: LonLat = [18.15, 59.1]
    expect(districtAt(map, at)).toBe('a')
    for (let i = 0; i < 6; i += 1) at = stepped(flat, at, arrow('ArrowRight'), 400) ?? at
    expect(districtAt(map, at)).toBe('b')
  })
})
