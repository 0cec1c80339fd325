import { beforeEach, expect, test } from 'vitest'
import { DEFAULT_CONFIGURATION } from '../defaults.ts'
import type { Alert } from '../../shared/model.ts'
import { engineDocument, id, NOW, rid } from '../../../testing/samples.ts'
import { alertModel, alertModels } from './alerts.ts'
import { PageData } from './data.ts'

const MINUTE = 60_000
let data: PageData

const sample = (change: Partial<Alert> = {}): Alert => ({
  category: 'pregnancy',
  place: null,
  opened: NOW,
  note: '',
  calls: {},
  acknowledgements: {},
  outcome: 'open',
  closed: null,
  withdrawn: false,
  ...change,
})

const put = (n: number, content: Alert, change: Parameters<typeof engineDocument>[1] = {}): void =>
  data.put(engineDocument({ document: id(n), kind: 'alert', content, conflicts: [] }, change))

const acknowledged = {
  [rid(9)]: { by: 'bb', at: NOW + 3 * MINUTE, note: 'Jouren', withdrawn: false },
}

beforeEach(() => {
  data = new PageData(DEFAULT_CONFIGURATION)
})

test('on the server is not the same as heard by a person', () => {
  put(1, sample(), { unsent: 1 })
  expect(alertModel(data, id(1), NOW)).toMatchObject({ state: 'waiting', unheard: true })
  put(1, sample())
  expect(alertModel(data, id(1), NOW)).toMatchObject({ state: 'on_server', unheard: true })
  put(1, sample({ acknowledgements: acknowledged }))
  expect(alertModel(data, id(1), NOW)).toMatchObject({ state: 'on_server', unheard: false })
})

test('an acknowledgement that was taken back is none', () => {
  const [[record, one]] = Object.entries(acknowledged) as [[string, (typeof acknowledged)[string]]]
  put(1, sample({ acknowledgements: { [record]: { ...one, withdrawn: true } as never } }))
  expect(alertModel(data, id(1), NOW)?.unheard).toBe(true)
})

test('somebody who answered the phone is named, and the alert still reminds', () => {
  const call = { to: 'duty_service', at: NOW - MINUTE, answered_by: '', withdrawn: false } as const
  put(
    1,
    sample({
      calls: { [rid(2)]: call, [rid(1)]: { ...call, at: NOW, answered_by: 'Socialsekreterare' } },
    }),
  )
  const model = alertModel(data, id(1), NOW + 11 * MINUTE)
  expect(model).toMatchObject({
    unheard: true,
    minutes: 11,
    reminders: 2,
    answered: { answered_by: 'Socialsekreterare' },
  })
  expect(model?.calls.map(({ record }) => record)).toEqual([rid(2), rid(1)])
})

test('open ones stand first, and what was taken back is left out', () => {
  put(1, sample({ opened: NOW - MINUTE }))
  put(2, sample({ outcome: 'helped', closed: NOW }))
  put(3, sample({ withdrawn: true }))
  put(4, sample())
  const models = alertModels(data, NOW)
  expect(models.map((model) => model.document)).toEqual([id(4), id(1), id(2)])
  expect(models[2]).toMatchObject({ open: false, unheard: false })
})
