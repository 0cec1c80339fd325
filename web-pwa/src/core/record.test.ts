import { expect, test } from 'vitest'
import { nightStart } from './night.ts'
import { makeDocumentId } from './record.ts'

test('documents of a night lie together, as the shared core has it', () => {
  const made = (now: number): string =>
    makeDocumentId({ now: () => now, hex: (n) => 'ab'.repeat(n) })
  expect(made(nightStart(20_780))).toBe(`512c${'ab'.repeat(14)}`)
  expect(made(nightStart(20_781) - 1)).toBe(made(nightStart(20_780)))
  expect(made(nightStart(-1))).toBe(`ffff${'ab'.repeat(14)}`)
})
