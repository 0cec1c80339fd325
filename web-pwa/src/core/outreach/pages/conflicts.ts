/** Fields that were written differently at the same time, until somebody chooses. */

import type { ConflictModel } from '../page-models.ts'
import type { DocumentId } from '../../shared/model.ts'
import { placeName, type PageData } from './data.ts'

const SORTS = { counts: 'count', encounters: 'encounter', states: 'state', tips: 'tip' } as const

function isSort(part: string | undefined): part is keyof typeof SORTS {
  return part !== undefined && part in SORTS
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
