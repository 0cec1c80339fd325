import type { Offers } from './wasm-types.ts'

/** Returns the core's table of who may say what, from its lines. */
export function readOffers(table: string | Offers): Offers {
  if (typeof table !== 'string') return table
  const offers: Record<string, [number, number]> = {}
  for (const line of table.trim().split('\n')) {
    const [path = '', bits = '@@'] = line.split(' ')
    offers[path] = [bits.charCodeAt(0) - 64, bits.charCodeAt(1) - 64]
  }
  return offers
}
