/** The page of a place. */

import { nightDate } from '../../shared/night.ts'
import { visitTonight } from '../plan.ts'
import { visitRow } from './visits.ts'
import { placeRow } from './place-rows.ts'
import type { PlaceModel } from '../page-models.ts'
import type { DocumentId, Instant } from '../../shared/model.ts'
import type { PageData } from './data.ts'

export function placeModel(data: PageData, id: DocumentId, now: Instant): PlaceModel | null {
  const place = data.place(id)
  const document = data.documents.get(id)
  if (place === null || document === undefined) return null
  const visits = [...data.visitsAt(id)]
  const names = new Map(data.configuration.organisations.map((o) => [o.id, o.name]))
  return {
    row: placeRow(data, id, place, now),
    content: place,
    conflicts: document.view.conflicts,
    visits: visits
      .map(([visitId, visit]) => visitRow(data, visitId, visit))
      .toSorted((a, b) => b.started - a.started),
    coverage: (data.coverage.get(id) ?? [])
      .toSorted((a, b) => b.night - a.night || (a.organisation < b.organisation ? -1 : 1))
      .map((row) => ({
        ...row,
        night_date: nightDate(row.night),
        organisation_name: names.get(row.organisation) ?? row.organisation,
      })),
    tonight: visitTonight(visits, now)?.[0] ?? null,
    waiting: document.unsent > 0,
  }
}
