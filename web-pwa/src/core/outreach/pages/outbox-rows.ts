/** The records that wait for the server or were refused. */

import type { OutboxRow } from '../page-models.ts'
import type { View } from '../wasm-types.ts'
import { placeName, type PageData } from './data.ts'

/** Returns what waits for the server or was refused: refused first, then the oldest first. */
export function outboxRows(data: PageData): OutboxRow[] {
  const rows: OutboxRow[] = []
  for (const [document, { view, unsent, rejected, later, waiting_since }] of data.documents) {
    if (unsent === 0 && rejected === null) continue
    rows.push({
      document,
      kind: view.kind,
      title: placeName(data, view),
      changes: unsent,
      at: waiting_since ?? recordedAt(view),
      rejected,
      later,
    })
  }
  return rows.toSorted(
    (a, b) => Number(b.rejected !== null) - Number(a.rejected !== null) || a.at - b.at,
  )
}

function recordedAt(view: View): number {
  switch (view.kind) {
    case 'visit':
      return view.content.started
    case 'place':
      return view.content.created
    case 'alert':
      return view.content.opened
    case 'feedback':
      return view.content.at
  }
}
