import { expect, test } from 'vitest'
import { nightStart } from '../shared/night.ts'
import { makeDocumentId } from './record.ts'

test('documents of four weeks lie together, as the shared core has it', () => {
  const made = (night: number): string =>
    makeDocumentId({ now: () => nightStart(night), hex: (n) => 'ab'.repeat(n) })
  const drawn = 'ab'.repeat(14)
  expect(made(20_776)).toBe(`02e6${drawn}`)
  expect(made(20_803)).toBe(made(20_776))
  expect(made(20_804)).toBe(`02e7${drawn}`)
  expect(made(-1)).toBe(`ffff${drawn}`)
})
