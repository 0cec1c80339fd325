import { expect, test } from 'vitest'
import { Drafts } from './drafts.ts'

/** Drafts over a clock that stands still until it is passed. */
function standing(open = () => true) {
  const waiting = new Set<() => void>()
  const written: [string, unknown][] = []
  const after = (_ms: number, call: () => void) => {
    waiting.add(call)
    return () => void waiting.delete(call)
  }
  const drafts = new Drafts(after, (key, value) => {
    if (!open()) return false
    written.push([key, value])
    return true
  })
  const pass = () => {
    const due = [...waiting]
    waiting.clear()
    for (const call of due) call()
  }
  return { drafts, written, pass, waits: () => waiting.size }
}

test('the first change after a rest is written at once, those that follow together', () => {
  const { drafts, written, pass, waits } = standing()
  drafts.set('count', 1)
  expect(written).toEqual([['count', 1]])
  drafts.set('count', 2)
  drafts.set('count', 3)
  expect(written).toHaveLength(1)
  pass()
  expect(written).toEqual([
    ['count', 1],
    ['count', 3],
  ])
  // Nothing changed meanwhile: the rest is over, and nothing waits.
  pass()
  expect(waits()).toBe(0)
  drafts.set('count', 4)
  expect(written.at(-1)).toEqual(['count', 4])
})

test('what could not be kept is written when it can be', () => {
  let open = false
  const { drafts, written, pass } = standing(() => open)
  drafts.set('count', 1)
  expect(written).toEqual([])
  open = true
  pass()
  expect(written).toEqual([['count', 1]])
})
