/** The districts' outlines, and where on them something lies. */

export type LonLat = [longitude: number, latitude: number]

export interface DistrictMap {
  /** Whether the map is made up. */
  sample: boolean
  attribution: string
  districts: { code: string; name: string; rings: LonLat[][] }[]
}

/** A flat picture of a part of the globe: about true to shape within a city. */
export interface Projection {
  width: number
  height: number
  toXY(at: LonLat): [number, number]
  toLonLat(x: number, y: number): LonLat
}

/** Fits all outlines into `width`; x to the east, y to the south. */
export function projection(map: DistrictMap, width: number): Projection {
  const points = map.districts.flatMap((district) => district.rings.flat())
  const range = (axis: 0 | 1): [number, number] => {
    const values = points.map((point) => point[axis])
    return [Math.min(...values), Math.max(...values)]
  }
  const [west, east] = range(0)
  const [south, north] = range(1)
  // A degree of longitude is shorter than one of latitude by the cosine.
  const squeeze = Math.cos((((south + north) / 2) * Math.PI) / 180)
  const scale = width / ((east - west) * squeeze)
  return {
    width,
    height: (north - south) * scale,
    toXY: ([longitude, latitude]) => [
      (longitude - west) * squeeze * scale,
      (north - latitude) * scale,
    ],
    toLonLat: (x, y) => [west + x / (squeeze * scale), north - y / scale],
  }
}

/** Returns whether a point lies within a ring (crossings to the east; W. R. Franklin's PNPOLY). */
function within([x, y]: LonLat, ring: LonLat[]): boolean {
  let inside = false
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i, i += 1) {
    const [xi, yi] = ring[i] ?? [0, 0]
    const [xj, yj] = ring[j] ?? [0, 0]
    if (yi > y !== yj > y && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) inside = !inside
  }
  return inside
}

/** Returns the district at a point; a ring within a ring is a hole. */
export function districtAt(map: DistrictMap, at: LonLat): string | null {
  const found = map.districts.find(
    (district) => district.rings.filter((ring) => within(at, ring)).length % 2 === 1,
  )
  return found?.code ?? null
}

/** Where an arrow key points, in steps. */
const ARROWS: ReadonlyMap<string, [east: number, south: number]> = new Map([
  ['ArrowLeft', [-1, 0]],
  ['ArrowRight', [1, 0]],
  ['ArrowUp', [0, -1]],
  ['ArrowDown', [0, 1]],
])

/** Steps from one side of what is seen to the other: about as fine as a fingertip. */
const STEPS = 40
/** How many steps a large one is. */
const LARGE = 5

/**
 * Returns where a pin goes by an arrow key, within the picture; `null` for other keys.
 * `seen`: how much of the picture's width is seen, so that steps get finer the closer one looks.
 */
export function stepped(
  flat: Projection,
  from: LonLat,
  { key, shiftKey }: { key: string; shiftKey: boolean },
  seen: number,
): LonLat | null {
  const arrow = ARROWS.get(key)
  if (arrow === undefined) return null
  const step = (seen / STEPS) * (shiftKey ? LARGE : 1)
  const [x, y] = flat.toXY(from)
  const inside = (n: number, most: number): number => Math.max(0, Math.min(most, n))
  return flat.toLonLat(
    inside(x + arrow[0] * step, flat.width),
    inside(y + arrow[1] * step, flat.height),
  )
}
