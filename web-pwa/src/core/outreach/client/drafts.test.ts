import { expect, test } from 'vitest'
import { Drafts } from './drafts.ts'

/** A storage that the test answers. */
class Storage {
  written: [string, unknown][] = []
  answers: { done(): void; fail(): void }[] = []
  there = true

  write = (key: string, value: unknown): Promise<unknown> | null => {
    if (!this.there) return null
    this.written.push([key, value])
    return new Promise<void>((resolve, reject) => {
      this.answers.push({ done: resolve, fail: () => reject(new Error('full')) })
    })
  }
}

const settled = () => new Promise((resolve) => setTimeout(resolve))

test('the first change is handed over at once, and the latest when that is written', async () => {
  const storage = new Storage()
  const drafts = new Drafts(storage.write)
  for (const adults of [1, 2, 3]) drafts.set('count', { adults })
  expect(storage.written).toEqual([['count', { adults: 1 }]])
  storage.answers[0]?.done()
  await settled()
  expect(storage.written.at(-1)).toEqual(['count', { adults: 3 }])
  expect(storage.written).toHaveLength(2)
})

test('what could not be written goes with the next', async () => {
  const storage = new Storage()
  const drafts = new Drafts(storage.write)
  drafts.set('count', { adults: 1 })
  storage.answers[0]?.fail()
  await settled()
  drafts.set('note', 'a')
  storage.answers[1]?.done()
  await settled()
  expect(storage.written.map(([key]) => key).toSorted()).toEqual(['count', 'count', 'note'])
})

test('what is typed while nothing can be kept is kept as soon as it can', () => {
  const storage = new Storage()
  storage.there = false
  const drafts = new Drafts(storage.write)
  drafts.set('count', { adults: 1 })
  storage.there = true
  drafts.flush()
  expect(storage.written).toEqual([['count', { adults: 1 }]])
})

test('a storage that never answers holds nothing up once it is another', () => {
  const storage = new Storage()
  const drafts = new Drafts(storage.write)
  drafts.set('count', { adults: 1 })
  drafts.set('count', { adults: 2 })
  // Another engine leads.
  drafts.flush()
  drafts.set('count', { adults: 3 })
  expect(storage.written.map(([, value]) => value)).toContainEqual({ adults: 3 })
})
