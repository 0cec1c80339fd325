/** Leaflets as the server gives them, and how an encounter names one. */

import type { Leaflet } from './generated/api.ts'
import type { Language, Topic } from './model.ts'

export type { Block as LeafletBlock, Leaflet, Span as LeafletSpan } from './generated/api.ts'

/** A leaflet that a visitor was shown and that no encounter holds yet. */
export interface ShownLeaflet {
  topic: Topic
  /** `version/language`. */
  leaflet: string
}

/** The draft that keeps what was shown until an encounter takes it in. */
export const SHOWN_DRAFT = 'shown-leaflets'

export const leafletName = (leaflet: Pick<Leaflet, 'version' | 'language'>): string =>
  `${leaflet.version}/${leaflet.language}`

/** Returns the languages that there are leaflets in, in the given order, then any others. */
export function languagesOf(leaflets: readonly Leaflet[], first: readonly Language[]): Language[] {
  const there = new Set(leaflets.map((leaflet) => leaflet.language))
  return [...new Set([...first.filter((language) => there.has(language)), ...there])]
}
