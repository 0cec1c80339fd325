import { expect, test } from 'vitest'
import type { EstimateReport, Message } from '../shared/generated/api.ts'
import { brokenLimits } from './limits.ts'

const reasons = (...codes: string[]) => codes.map((code) => ({ code, params: {} })) as Message[]
const night = (...codes: string[]) =>
  ({ method: { refusals: reasons(...codes) } }) as unknown as EstimateReport
const people = (...codes: string[]) => ({ refusals: reasons(...codes) })

test('a refusal stands with the quantity that refuses', () => {
  expect([...brokenLimits(night(), people('interval_too_wide'))]).toEqual([])
  expect([...brokenLimits(night('interval_too_wide'), people())]).toEqual(['interval_too_wide'])
  expect([...brokenLimits(night('models_disagree'), people('too_few_drawn'))]).toEqual([])
  expect([...brokenLimits(night('too_few_drawn'), people('models_disagree'))]).toEqual([
    'too_few_drawn',
    'models_disagree',
  ])
})
