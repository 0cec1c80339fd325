import { expect, test } from 'vitest'
import type { HistoryEntry } from '../shared/generated/api.ts'
import { didOf } from './history.ts'

const change = (fields: string[], made = false): HistoryEntry => ({
  received_at: '2026-11-20T21:00:00Z',
  device: '00000000000000aa',
  organisation: 'eu-teamet',
  role: 'worker',
  made,
  fields,
})

test('the first change made the document', () => {
  expect(didOf(change([], true))).toEqual([{ what: 'made', record: null, fields: [] }])
})

test('what was corrected is told together, a record at a time', () => {
  const did = didOf(
    change([
      'note',
      'access',
      'counts/0f/adults',
      'counts/0f/children',
      'encounters/1e/languages/ro',
      'encounters/1e/languages/sv',
    ]),
  )
  expect(did).toEqual([
    { what: 'changed', record: null, fields: ['note', 'access'] },
    { what: 'changed', record: { sort: 'counts', id: '0f' }, fields: ['adults', 'children'] },
    { what: 'changed', record: { sort: 'encounters', id: '1e' }, fields: ['languages'] },
  ])
})

test('records that were added, and what was taken back, are told by themselves', () => {
  expect(didOf(change(['tips/2d', 'counts/0f/withdrawn', 'withdrawn']))).toEqual([
    { what: 'added', record: { sort: 'tips', id: '2d' }, fields: [] },
    { what: 'withdrawn', record: { sort: 'counts', id: '0f' }, fields: [] },
    { what: 'withdrawn', record: null, fields: [] },
  ])
})
