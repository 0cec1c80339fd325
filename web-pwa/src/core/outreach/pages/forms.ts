/** The fields that forms let somebody change, and their paths in the document. */

import type { RecordId } from '../../shared/model.ts'
import { BLANK_COUNT } from '../blank.ts'

/** Each field has a row in the table of authority; a test holds the two against each other. */
export const FORMS = {
  visit: { kind: 'visit', sort: null, fields: ['access', 'note'] },
  count: {
    kind: 'visit',
    sort: 'counts',
    fields: Object.keys(BLANK_COUNT) as (keyof typeof BLANK_COUNT)[],
  },
  encounter: {
    kind: 'visit',
    sort: 'encounters',
    fields: [
      'adults',
      'children',
      'group',
      'languages',
      'sleeping',
      'met_before',
      'met_by',
      'code',
      'needs',
      'information',
      'contacts',
      'note',
    ],
  },
  place: {
    kind: 'place',
    sort: null,
    fields: ['name', 'place_type', 'district', 'note', 'latitude', 'longitude'],
  },
  call: { kind: 'alert', sort: 'calls', fields: ['answered_by'] },
} as const

export type Form = keyof typeof FORMS
export type FieldOf<F extends Form> = (typeof FORMS)[F]['fields'][number]

/** Returns where a form's field stands; `record` is left out for what is the document's own. */
export function pathOf<F extends Form>(form: F, name: FieldOf<F>, record?: RecordId): string[] {
  const { sort } = FORMS[form]
  return sort === null ? [name] : [sort, record ?? '', name]
}

/** Keeps, of the fields to be changed, those that may be. */
export function permitted<T extends object>(
  change: T,
  may: (name: keyof T) => boolean,
): Partial<T> {
  const allowed = Object.entries(change).filter(([name]) => may(name as keyof T))
  return Object.fromEntries(allowed) as Partial<T>
}
