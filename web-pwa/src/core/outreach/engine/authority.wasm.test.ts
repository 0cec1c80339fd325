import { expect, test } from 'vitest'
import { DEFAULT_CONFIGURATION } from '../defaults.ts'
import type { Member } from '../../shared/member.ts'
import { PageData } from '../pages/data.ts'
import { may } from '../pages/authority.ts'
import { FORMS, pathOf } from '../pages/forms.ts'
import { loadedCore, park, Phone } from '../../../testing/phone.ts'
import { MemoryServer } from '../../../testing/server.ts'

const core = await loadedCore()

/** The view that somebody's pages have of one phone's records. */
async function seenBy(device: string, role: Member['role'], own = true) {
  const phone = await new Phone(core, new MemoryServer(), 1).start()
  const { place } = await phone.do(park())
  const where = { place: place ?? '' }
  const visit = await phone.do({ type: 'count', where, count: { adults: 3 } })
  const meeting = await phone.do({ type: 'encounter', where, encounter: { code: null } })
  const alert = await phone.do({
    type: 'alert',
    alert: { category: 'health', place, note: '' },
    calls: [],
  })
  const state = await phone.state()
  const data = new PageData(DEFAULT_CONFIGURATION)
  data.reset(
    state.documents.map((document) => ({ ...document, own })),
    [],
    null,
  )
  data.authority = state.authority
  data.member = { device, role, organisation: { id: 'eu-teamet', name: '' }, label: '' }
  const count = ['counts', visit.record ?? '']
  return {
    place: (path: string[], act: 'add' | 'change' = 'change') => may(data, place ?? '', path, act),
    visit: (field: string) => may(data, visit.document, [...count, field], 'change'),
    encounter: () =>
      FORMS.encounter.fields.filter((name) =>
        may(data, meeting.document, pathOf('encounter', name, meeting.record ?? ''), 'change'),
      ),
    alert: (path: string[], act: 'add' | 'change' = 'change') =>
      may(data, alert.document, path, act),
  }
}

const MAKER = '0000000000000001'
const OTHER = '0000000000000002'

test('whoever made something may change it and take it back', async () => {
  const page = await seenBy(MAKER, 'worker')
  expect(page.visit('adults') && page.visit('withdrawn')).toBe(true)
  expect(page.alert(['withdrawn'])).toBe(true)
  expect(page.place(['withdrawn'])).toBe(true)
})

test('a colleague may correct a count, and take nothing back', async () => {
  const page = await seenBy(OTHER, 'worker')
  expect(page.visit('adults')).toBe(true)
  expect(page.visit('withdrawn')).toBe(false)
  expect(page.alert(['withdrawn'])).toBe(false)
  expect(page.place(['name'])).toBe(true)
  expect(page.place(['withdrawn'])).toBe(false)
})

test('of an encounter, who was met before and its code are its maker’s and the coordinator’s', async () => {
  const theirs = new Set<string>(['met_before', 'met_by', 'code'])
  const others = FORMS.encounter.fields.filter((name) => !theirs.has(name))
  expect((await seenBy(OTHER, 'worker')).encounter()).toEqual(others)
  expect((await seenBy(MAKER, 'worker')).encounter()).toEqual(FORMS.encounter.fields)
  expect((await seenBy(OTHER, 'coordinator')).encounter()).toEqual(FORMS.encounter.fields)
})

test('another organisation adds tips, states and proposals, and changes nothing', async () => {
  const page = await seenBy(OTHER, 'worker', false)
  expect(page.place(['name'])).toBe(false)
  for (const sort of ['tips', 'states', 'proposals']) expect(page.place([sort], 'add')).toBe(true)
})

test('no phone says how an alert ended, who has heard it, or what is the same place', async () => {
  const page = await seenBy(MAKER, 'coordinator')
  expect(page.alert(['outcome'])).toBe(false)
  expect(page.alert(['acknowledgements'], 'add')).toBe(false)
  expect(page.place(['same_as']) || page.place(['exact'])).toBe(false)
})

test('a proposal is kept in the place, and its maker can take it back', async () => {
  const phone = await new Phone(core, new MemoryServer(), 1).start()
  const { place } = await phone.do(park())
  const document = place ?? ''
  const proposal = { about: 'name', value: 'Lunden', reason: 'så heter den' } as const
  const { record } = await phone.do({ type: 'propose', document, proposal })
  const sort = 'proposals' as const
  await phone.do({ type: 'withdraw_record', document, sort, record: record ?? '' })
  const view = (await phone.state()).documents.find((d) => d.view.document === document)?.view
  expect(view?.kind === 'place' && view.content.proposals).toMatchObject({
    [record ?? '']: { ...proposal, decision: null, withdrawn: true },
  })
})
