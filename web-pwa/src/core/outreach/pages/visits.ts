/** Visits as rows and as pages. */

import type { Since, VisitModel, VisitRow } from '../page-models.ts'
import type { DocumentId, Instant, Visit } from '../../shared/model.ts'
import { nightDate, nightOf } from '../../shared/night.ts'
import { bestOf } from '../record.ts'
import { checkCount } from './checks.ts'
import { conflictsOf } from './conflicts.ts'
import { bestOfVisit, type PageData } from './data.ts'

export function visitRow(data: PageData, id: DocumentId, visit: Visit): VisitRow {
  const document = data.documents.get(id)
  const standing = (records: Record<string, { withdrawn: boolean }>): number =>
    Object.values(records).filter((record) => !record.withdrawn).length
  return {
    visit: id,
    place: visit.place,
    place_name: data.place(visit.place)?.name ?? '',
    night: nightDate(nightOf(visit.started)),
    started: visit.started,
    access: visit.access,
    basis: visit.basis,
    best: bestOfVisit(visit),
    counts: standing(visit.counts),
    encounters: standing(visit.encounters),
    conflicts: document?.view.conflicts.length ?? 0,
    waiting: (document?.unsent ?? 0) > 0,
    rejected: document?.rejected?.code ?? null,
    withdrawn: visit.withdrawn,
  }
}

export function visitModel(data: PageData, id: DocumentId, now: Instant): VisitModel | null {
  const visit = data.visit(id)
  if (visit === null) return null
  const mine = data.member?.device
  const byTime = (a: [string, { at: Instant }], b: [string, { at: Instant }]): number =>
    a[1].at - b[1].at || (a[0] < b[0] ? -1 : 1)
  return {
    row: visitRow(data, id, visit),
    content: visit,
    counts: Object.entries(visit.counts)
      .toSorted(byTime)
      .map(([record, count]) => ({
        record,
        count,
        best: bestOf(count),
        mine: count.observer === mine,
        since: sinceOf(data, id, ['counts', record]),
        warnings: checkCount(data, count, visit.place, now),
      })),
    encounters: Object.entries(visit.encounters)
      .toSorted(byTime)
      .map(([record, encounter]) => ({
        record,
        encounter,
        mine: encounter.observer === mine,
        since: sinceOf(data, id, ['encounters', record]),
      })),
    since: sinceOf(data, id, []),
    conflicts: conflictsOf(data, id),
  }
}

/** Returns who changed or withdrew what under `path` after its maker, the latest last. */
function sinceOf(data: PageData, id: DocumentId, path: string[]): Since[] {
  const said = data.documents.get(id)?.view.by?.said ?? []
  return said
    .filter((one) => one.path.length === path.length + 1 && path.every((p, i) => one.path[i] === p))
    .map((one) => ({
      field: one.path.at(-1) ?? '',
      mine: one.device === data.member?.device,
      at: one.at,
    }))
    .toSorted((a, b) => (a.at ?? 0) - (b.at ?? 0))
}
