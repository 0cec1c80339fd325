import { expect, test } from 'vitest'
import { emptyCount, fieldsOf as countFields } from '$ui/field/count-draft.ts'
import { emptyEncounter, fieldsOf as encounterFields } from '$ui/field/encounter-draft.ts'
import { loadedCore } from '../../../testing/phone.ts'
import { readOffers } from '../offers.ts'
import { FORMS, pathOf, permitted, type Form } from './forms.ts'

const offers = readOffers((await loadedCore()).authority())
const every = (Object.keys(FORMS) as Form[]).flatMap((form) =>
  FORMS[form].fields.map((name) => ({ form, name })),
)

test.each(every)('who may change $name of a $form is in the table', ({ form, name }) => {
  const path = [FORMS[form].kind, ...pathOf(form, name as never, '*')].join('/')
  const [, later] = offers[path] ?? [0, 0]
  expect(later, `${path}: somebody may`).toBeGreaterThan(0)
})

test('each form asks about every field that it can change', () => {
  const sorted = (names: readonly string[]): string[] => names.toSorted()
  expect(sorted(FORMS.count.fields)).toEqual(sorted(Object.keys(countFields(emptyCount()))))
  expect(sorted(FORMS.encounter.fields)).toEqual(
    sorted(Object.keys(encounterFields(emptyEncounter()))),
  )
})

test('a change holds only what may be said', () => {
  const change = { adults: 2, met_before: 'no', code: null }
  expect(permitted(change, (name) => name === 'adults')).toEqual({ adults: 2 })
})
