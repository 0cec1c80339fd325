/** Small documents for tests. */

import type { EngineDocument } from '$core/outreach/engine/api.ts'
import type { Place, Visit } from '$core/shared/model.ts'
import { makeCount, makePlace, makeVisit } from '$core/outreach/record.ts'
import type { Conflict, DocumentRow, View, Writes } from '$core/outreach/wasm-types.ts'

export const DEVICE = '00000000000000aa'
export const OTHER_DEVICE = '00000000000000bb'
/** 2026-11-20 21:00 UTC: an evening. */
export const NOW = Date.UTC(2026, 10, 20, 21, 0)
export const DAY = 86_400_000

/** Returns a document id from a small number. */
export const id = (n: number): string => n.toString(16).padStart(32, '0')
/** Returns a record id from a small number. */
export const rid = (n: number): string => n.toString(16).padStart(16, '0')

export function samplePlace(name: string, change: Partial<Place> = {}): Place {
  const state = { state: 'active', at: NOW - 60 * DAY, withdrawn: false } as const
  return {
    ...makePlace(NOW - 60 * DAY, [rid(1), state], {
      name,
      place_type: 'settlement',
      district: 'farsta',
      position: null,
    }),
    ...change,
  }
}

/** Returns a complete visit with one count for each figure. */
export function sampleVisit(place: string, at: number, figures: number[]): Visit {
  const counts = figures.map((adults, i) => [rid(i + 1), makeCount(DEVICE, at + i, { adults })])
  return {
    ...makeVisit(place, at, false, {}),
    counts: Object.fromEntries(counts) as Visit['counts'],
  }
}

export function placeView(document: string, content: Place, conflicts: Conflict[] = []): View {
  return { document, kind: 'place', content, conflicts }
}

export function visitView(document: string, content: Visit, conflicts: Conflict[] = []): View {
  return { document, kind: 'visit', content, conflicts }
}

export function engineDocument(view: View, change: Partial<EngineDocument> = {}): EngineDocument {
  return { view, own: true, unsent: 0, waiting_since: null, rejected: null, later: null, ...change }
}

export function row(view: View, change: Partial<DocumentRow> = {}): DocumentRow {
  return {
    document: view.document,
    kind: view.kind,
    view,
    server_heads: [],
    next_sequence: 1,
    chunk_count: 1,
    unsent: 1,
    own_changes: 1,
    rejected: null,
    ...change,
  }
}

export function writes(change: Partial<Writes>): Writes {
  return {
    documents: [],
    chunks: [],
    drop_chunks_before: [],
    remove_documents: [],
    coverage: [],
    meta: null,
    ...change,
  }
}
