import { describe, expect, test } from 'vitest'
import { makeCount } from '$core/outreach/record.ts'
import type { Encounter } from '$core/shared/model.ts'
import * as counts from './count-draft.ts'
import * as encounters from './encounter-draft.ts'
import { enrolProblem, invitationCode } from './enrol-problem.ts'

const count = makeCount('0b'.repeat(8), 1, {
  adults: 3,
  children: 1,
  unknown: 2,
  low: 4,
  sleeping: 'tent',
  tents: 2,
})

const encounter: Encounter = {
  observer: '0b'.repeat(8),
  at: 1,
  adults: 1,
  children: 0,
  group: 'eu_eea',
  languages: ['ro'],
  sleeping: 'tent',
  met_before: 'by_other',
  met_by: 'forening-a',
  code: null,
  needs: ['shelter'],
  information: { rights: '2/ro', work: '' },
  contacts: [],
  note: '',
  withdrawn: false,
}

describe('a count that is edited', () => {
  test('says the same when nothing is changed, and never who or when', () => {
    const { observer: _observer, at: _at, withdrawn: _withdrawn, ...fields } = count
    expect(counts.fieldsOf(counts.draftOf(count))).toEqual(fields)
  })

  test('totals everybody', () => {
    expect(counts.total(counts.draftOf(count))).toBe(6)
    expect(counts.total(counts.emptyCount())).toBe(0)
  })
})

describe('an encounter that is edited', () => {
  test('keeps the leaflets of the topics that stay', () => {
    const draft = encounters.draftOf(encounter)
    draft.topics = ['rights', 'travel']
    expect(encounters.fieldsOf(draft).information).toEqual({
      rights: '2/ro',
      travel: '',
    })
  })

  test('takes in the leaflets that were shown meanwhile', () => {
    const draft = encounters.withShown(encounters.emptyEncounter(), [
      { topic: 'rights', leaflet: '2026-11/bg' },
      { topic: 'complaints', leaflet: '2026-11/ro' },
    ])
    expect(encounters.fieldsOf(draft).information).toEqual({
      rights: '2026-11/bg',
      complaints: '2026-11/ro',
    })
    const told = encounters.fieldsOf({ ...draft, topics: ['complaints'] })
    expect(told.information).toEqual({ complaints: '2026-11/ro' })
  })

  test('names an organisation only when another one met them', () => {
    const draft = encounters.draftOf(encounter)
    expect(encounters.fieldsOf(draft).met_by).toBe('forening-a')
    expect(encounters.fieldsOf({ ...draft, met_before: 'by_us' }).met_by).toBeNull()
  })

  test('can be saved as it begins: one adult', () => {
    expect(encounters.fieldsOf(encounters.emptyEncounter())).toMatchObject({
      adults: 1,
      children: 0,
      information: {},
      met_by: null,
    })
  })
})

describe('an invitation', () => {
  test.each([
    ['https://example.org/#enrol=abc123', 'abc123'],
    ['enrol=abc123', 'abc123'],
    ['  abc123\n', 'abc123'],
    ['', ''],
  ])('%j holds the code %j', (text, code) => {
    expect(invitationCode(text)).toBe(code)
  })

  test('that could not be used has a state that says why', () => {
    expect(enrolProblem('code_used')).toBe('code_used')
    expect(enrolProblem('offline')).toBe('unreachable')
    expect(enrolProblem('signature_wrong')).toBe('unknown')
  })
})
