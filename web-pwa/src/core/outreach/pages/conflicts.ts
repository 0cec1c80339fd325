/** Fields that were written differently at the same time, until somebody chooses. */

import type { ConflictModel, OutboxRow } from '../page-models.ts'
import type { DocumentId } from '../../shared/model.ts'
import type { View } from '../wasm-types.ts'
import type { PageData } from './data.ts'

const SORTS = { counts: 'count', encounters: 'encounter', states: 'state', tips: 'tip' } as const

function isSort(part: string | undefined): part is keyof typeof SORTS {
  return part !== undefined && part in SORTS
}

/** Returns the name of the place that a document concerns; empty when it is not known. */
function placeName(data: PageData, view: View): string {
  if (view.kind === 'place') return view.content.name
  if (view.kind === 'feedback') return ''
  return view.content.place === null ? '' : (data.place(view.content.place)?.name ?? '')
}

export function conflictsOf(data: PageData, id: DocumentId): ConflictModel[] {
  const view = data.documents.get(id)?.view
  if (view === undefined) return []
  return view.conflicts.map(({ path, values }) => {
    const [sort, record] = path
    return {
      document: id,
      kind: view.kind,
      place_name: placeName(data, view),
      path,
      field: path.at(-1) ?? '',
      record: isSort(sort) && record !== undefined ? { sort: SORTS[sort], record } : null,
      values: values.map((value) => ({
        ...value,
        at: value.at ?? null,
        mine: value.device === data.member?.device,
      })),
    }
  })
}

export function allConflicts(data: PageData): ConflictModel[] {
  const all: ConflictModel[] = []
  for (const [id, { view }] of data.documents) {
    if (view.conflicts.length > 0 && !view.content.withdrawn) all.push(...conflictsOf(data, id))
  }
  return all
}

export function conflictCount(data: PageData): number {
  let count = 0
  for (const { view } of data.documents.values()) {
    if (!view.content.withdrawn) count += view.conflicts.length
  }
  return count
}

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
