import { expect, test } from 'vitest'
import { shelf, type DraftStore } from './shelf.ts'

function memory(): DraftStore & { values: Map<string, unknown> } {
  const values = new Map<string, unknown>()
  return {
    values,
    draft: <T>(key: string) => (values.get(key) ?? null) as T | null,
    setDraft: (key, value) => void values.set(key, value),
    clearDraft: (key) => void values.delete(key),
  }
}

test('a draft about one place is never found under another, and neither loses the other', () => {
  const store = memory()
  shelf(store, 'A', 1).setDraft('place', { note: 'a' })
  expect(shelf(store, 'B', 1).draft('place')).toBeNull()
  shelf(store, 'B', 1).setDraft('place', { note: 'b' })
  expect(shelf(store, 'A', 1).draft('place')).toEqual({ note: 'a' })
  shelf(store, 'B', 1).clearDraft('place')
  expect(shelf(store, 'A', 1).draft('place')).toEqual({ note: 'a' })
  shelf(store, 'A', 1).clearDraft('place')
  expect(store.values.size).toBe(0)
})

test('what a draft is about is no part of the key, which is stored unsealed', () => {
  const store = memory()
  shelf(store, '__proto__', 1).setDraft('place', { note: 'a' })
  expect([...store.values.keys()]).toEqual(['place'])
  expect(shelf(store, '__proto__', 1).draft('place')).toEqual({ note: 'a' })
})

test('a draft knows when it is of an earlier night', () => {
  const store = memory()
  shelf(store, 'A', 1).setDraft('place', {})
  expect(shelf(store, 'A', 1).old('place')).toBe(false)
  expect(shelf(store, 'A', 2).old('place')).toBe(true)
  expect(shelf(store, 'B', 2).old('place')).toBe(false)
})
