/**
 * What the server gives to anybody and the phone keeps for when there is no
 * network: leaflets and the districts' outlines. Nothing of the field is here.
 */

import type { Leaflets } from '$core/shared/generated/api.ts'
import type { Leaflet } from '$core/shared/leaflets.ts'
import type { DistrictMap } from '$core/shared/map.ts'

const CACHE = 'lagesbild-content'
const TIMEOUT_MS = 15_000

async function kept(): Promise<Cache | null> {
  try {
    return await caches.open(CACHE)
  } catch {
    // Some browsers refuse in private windows: then it is read each time.
    return null
  }
}

/** Fetches `path` and keeps the answer; `null` when the server has none. */
async function fresh(path: string): Promise<Response | null> {
  const response = await fetch(path, {
    // Asks whether what the browser has is still right, and is sent nothing if so.
    cache: 'no-cache',
    credentials: 'omit',
    signal: AbortSignal.timeout(TIMEOUT_MS),
  })
  const cache = await kept()
  if (response.status === 404) {
    await cache?.delete(path)
    return null
  }
  const isJson = response.headers.get('content-type')?.includes('json')
  if (!response.ok || !isJson) throw new Error(`HTTP ${response.status}`)
  await cache?.put(path, response.clone())
  return response
}

/** Returns what is kept, else what the server says; `undefined` when neither can be had. */
async function read<T>(path: string): Promise<T | null | undefined> {
  const known = await (await kept())?.match(path)
  if (known !== undefined) {
    // Read anew for the next time.
    void fresh(path).catch(() => undefined)
    return (await known.json()) as T
  }
  try {
    const response = await fresh(path)
    return response === null ? null : ((await response.json()) as T)
  } catch {
    return undefined
  }
}

const LEAFLETS = '/api/v1/leaflets'
const MAP = '/api/v1/map'

/** Returns the leaflets; `null` when they are not on the phone and the server cannot be reached. */
export async function readLeaflets(): Promise<Leaflet[] | null> {
  return (await read<Leaflets>(LEAFLETS))?.leaflets ?? null
}

/** Returns the map; `null` when there is none. */
export async function readMap(): Promise<DistrictMap | null> {
  return (await read<DistrictMap>(MAP)) ?? null
}

/** Brings everything to the phone, so that it is there without network. */
export async function keepContent(): Promise<void> {
  await Promise.allSettled([fresh(LEAFLETS), fresh(MAP)])
}
