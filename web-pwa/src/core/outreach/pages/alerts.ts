/** Acute needs as pages, and who has been told of them. */

import type { AlertModel } from '../page-models.ts'
import type { DocumentId, Instant } from '../../shared/model.ts'
import type { PageData } from './data.ts'

const MINUTE = 60_000
/** How often somebody whose alert nobody has acknowledged is reminded. */
const REMIND_MINUTES = 5

const standing = <T extends { at: Instant; withdrawn: boolean }>(
  records: Record<string, T>,
): [string, T][] =>
  Object.entries(records)
    .filter(([, record]) => !record.withdrawn)
    .toSorted(([, a], [, b]) => a.at - b.at)

export function alertModel(data: PageData, id: DocumentId, now: Instant): AlertModel | null {
  const document = data.documents.get(id)
  if (document?.view.kind !== 'alert') return null
  const { content } = document.view
  const calls = standing(content.calls)
  const acknowledgements = standing(content.acknowledgements).map(([, record]) => record)
  const answered = calls.findLast(([, call]) => call.answered_by !== '')?.[1] ?? null
  const open = content.outcome === 'open' && !content.withdrawn
  const minutes = Math.max(0, Math.floor((now - content.opened) / MINUTE))
  return {
    document: id,
    content,
    place_name: content.place === null ? '' : (data.place(content.place)?.name ?? ''),
    state: document.rejected !== null ? 'refused' : document.unsent > 0 ? 'waiting' : 'on_server',
    calls: calls.map(([record, call]) => ({ record, call })),
    acknowledgements,
    answered,
    open,
    // What no person has taken on in the app is not known to be known.
    unheard: open && acknowledgements.length === 0,
    minutes,
    reminders: Math.floor(minutes / REMIND_MINUTES),
  }
}

/** Alerts that are open first, each part the newest first; those taken back are left out. */
export function alertModels(data: PageData, now: Instant): AlertModel[] {
  const models: AlertModel[] = []
  for (const [id, { view }] of data.documents) {
    if (view.kind !== 'alert' || view.content.withdrawn) continue
    const model = alertModel(data, id, now)
    if (model !== null) models.push(model)
  }
  return models.toSorted(
    (a, b) => Number(b.open) - Number(a.open) || b.content.opened - a.content.opened,
  )
}
