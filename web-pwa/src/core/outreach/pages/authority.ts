/**
 * What this phone may do to a document: the shared core's own table, so that no page offers
 * what the server will refuse.
 */

import type { Act } from '../page-models.ts'
import type { DocumentId } from '../../shared/model.ts'
import type { Authorship } from '../wasm-types.ts'
import type { PageData } from './data.ts'

const MAKER = 1
const COLLEAGUE = 2
const COORDINATOR = 4
const STRANGER = 8

/** `path` as the document has it, with the record's own id: `['counts', id, 'adults']`. */
export function may(data: PageData, id: DocumentId, path: string[], act: Act): boolean {
  const document = data.documents.get(id)
  if (document === undefined || data.member === null) return false
  const { view, own } = document
  const [sort = '', record] = path
  const keys = record === undefined ? path : [sort, '*', ...path.slice(2)]
  const row = data.authority[[view.kind, ...keys].join('/')]
  if (row === undefined) return false
  return (row[act === 'add' ? 0 : 1] & relations(data, view.by, own, sort, record)) !== 0
}

function relations(
  data: PageData,
  by: Authorship | undefined,
  own: boolean,
  sort: string,
  record: string | undefined,
): number {
  const maker =
    record === undefined ? by?.made_by : (by?.records[`${sort}/${record}`] ?? by?.made_by)
  const place = own ? COLLEAGUE | (data.member?.role === 'coordinator' ? COORDINATOR : 0) : STRANGER
  return place | (maker != null && maker === data.member?.device ? MAKER : 0)
}
