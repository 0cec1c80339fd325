/** Who did what with a document, as the server tells it: never what was said. */

import type { HistoryEntry } from '../shared/generated/api.ts'

/** One thing that a change did. */
export interface Did {
  what: 'made' | 'added' | 'changed' | 'withdrawn'
  /** The map of the record that it was done to, and its id; `null` for the document itself. */
  record: { sort: string; id: string } | null
  /** What was changed. */
  fields: string[]
}

/** What a change did, a record at a time. Whether one was withdrawn or put back is not told apart. */
export function didOf(entry: HistoryEntry): Did[] {
  const did: Did[] = entry.made ? [{ what: 'made', record: null, fields: [] }] : []
  for (const path of entry.fields) {
    const parts = path.split('/')
    const [sort = '', id] = parts
    const record = id === undefined ? null : { sort, id }
    const name = record === null ? sort : parts[2]
    if (name === undefined) did.push({ what: 'added', record, fields: [] })
    else if (name === 'withdrawn') did.push({ what: 'withdrawn', record, fields: [] })
    else {
      const same = did.find((one) => one.what === 'changed' && one.record?.id === id)
      if (same === undefined) did.push({ what: 'changed', record, fields: [name] })
      else if (!same.fields.includes(name)) same.fields.push(name)
    }
  }
  return did
}
