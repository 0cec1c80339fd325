/** Ports of the browser that pages use beside their core. `src/platform` has the real ones. */

import type { FeedbackAnswer, FeedbackRequest } from './generated/api.ts'
import type { Leaflet } from './leaflets.ts'
import type { DistrictMap } from './map.ts'
import type { Instant, OrganisationId } from './model.ts'

/** A key as it was found in this browser. */
export type FoundKey =
  /** No attempt to open it is taken before `next_at`; `null` when there is no wait. */
  | { sealed: true; next_at: Instant | null }
  /** Left by a version that did not seal it. */
  | { sealed: false; key: Uint8Array }

/** Where a desk keeps its keys, each by its fingerprint. Methods reject with a `Failure`. */
export interface DeskKeys {
  /** Makes a key of 32 random bytes. */
  fresh(): Uint8Array
  find(print: string): Promise<FoundKey | null>
  /** Keeps a key, sealed. Rejects with `passphrase_weak`. `alone`: every other goes in the same step. */
  seal(key: Uint8Array, passphrase: string, alone: boolean): Promise<void>
  /** Rejects with `passphrase_wrong`, or with `passphrase_wait` before it is time to try again. */
  open(print: string, passphrase: string): Promise<Uint8Array>
  /** Deletes the key, or every other. */
  drop(print: string, which: 'it' | 'others'): Promise<void>
}

/** Leaflets and the map: the server gives them to anybody, and the phone keeps them for when there is no network. */
export interface Content {
  /** `null` when they are not on the phone and the server cannot be reached. */
  readLeaflets(): Promise<Leaflet[] | null>
  /** `null` when there is no map. */
  readMap(): Promise<DistrictMap | null>
  /** Brings everything to the phone. */
  keepContent(): Promise<void>
}

/** The public routes of the page for visitors. Methods reject with a `Failure`. */
export interface VisitorApi {
  organisations(): Promise<{ id: OrganisationId; name: string }[]>
  /** Gives the receipt with which the answer can be read. */
  leave(view: FeedbackRequest): Promise<string>
  answerTo(receipt: string): Promise<FeedbackAnswer>
}
