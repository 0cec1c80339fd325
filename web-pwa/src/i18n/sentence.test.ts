import { describe, expect, test } from 'vitest'
import type { Message } from '$core/shared/generated/api.ts'
import en from './en/estimate.json'
import { sentence } from './sentence.ts'
import sv from './sv/estimate.json'

const swedish = (said: Message) => sentence(said, sv, 'sv-SE')
const english = (said: Message) => sentence(said, en, 'en-GB')

const figures = { seen: 1064, total: 1311, low: 1267, high: 1370 }

describe('the headline of an average night', () => {
  test.each([
    [
      'night_all_counted',
      'Vi såg 1064 personer. Alla platser blev räknade; därför uppskattar vi 1311 (1267–1370).',
      'We saw 1064 people. Every place was counted; so we estimate 1311 (1267–1370).',
    ],
    [
      'night_drawn_ratio',
      'Vi såg 1064 personer. På de lottade platserna fanns 0,70 gånger så många som förra gången; därför uppskattar vi 1311 (1267–1370).',
      'We saw 1064 people. At the drawn places there were 0.70 times as many as last time; so we estimate 1311 (1267–1370).',
    ],
    [
      'night_pooled_ratio',
      'Vi såg 1064 personer. På de besökta platserna, som inte var lottade, fanns 0,70 gånger så många som förra gången; därför uppskattar vi 1311 (1267–1370).',
      'We saw 1064 people. At the visited places, which were not drawn, there were 0.70 times as many as last time; so we estimate 1311 (1267–1370).',
    ],
    [
      'night_stratified_expansion',
      'Vi såg 1064 personer. De platser som ingen besökte räknas som de besökta i genomsnitt; därför uppskattar vi 1311 (1267–1370).',
      'We saw 1064 people. Places that nobody visited count as the visited ones on average; so we estimate 1311 (1267–1370).',
    ],
  ])('%s', (code, inSwedish, inEnglish) => {
    const said = { code, params: { ...figures, times: 0.7 } }
    expect(swedish(said)).toBe(inSwedish)
    expect(english(said)).toBe(inEnglish)
  })

  test('says why there is no estimate', () => {
    const said = { code: 'night_refused', params: { seen: 5, reason: 'no_fit' } }
    expect(swedish(said)).toBe(
      'Vi såg 5 personer. Vi ger ingen uppskattning: underlaget är för glest: modellen har inget ändligt svar.',
    )
    expect(english(said)).toBe(
      'We saw 5 people. We give no estimate: the data are too sparse: the model has no finite answer.',
    )
  })

  test('speaks of one person as of one', () => {
    const said = { code: 'night_refused', params: { seen: 1, reason: 'no_data' } }
    expect(swedish(said)).toMatch(/^Vi såg 1 person\. /)
    expect(english(said)).toMatch(/^We saw 1 person\. /)
  })
})

describe('the headline of the people of a period', () => {
  test.each([
    [
      'people_lower_bound',
      'Vi mötte 1064 olika personer, en del av dem flera gånger; därför var de minst 1311.',
      'We met 1064 different people, some of them several times; so there were at least 1311.',
    ],
    [
      'people_overlap',
      'Vi mötte 1064 olika personer. Hur många av dem som flera organisationer mötte visar hur många ingen mötte; därför uppskattar vi 1311 (1267–1370) under perioden.',
      'We met 1064 different people. How many of them several organisations met shows how many nobody met; so we estimate 1311 (1267–1370) during the period.',
    ],
  ])('%s', (code, inSwedish, inEnglish) => {
    expect(swedish({ code, params: figures })).toBe(inSwedish)
    expect(english({ code, params: figures })).toBe(inEnglish)
  })

  test('says why there is no estimate', () => {
    const said = { code: 'people_refused', params: { seen: 402, reason: 'overlap_too_small' } }
    expect(swedish(said)).toBe(
      'Vi mötte 402 olika personer. Vi ger ingen uppskattning: för få personer har mötts av båda organisationerna.',
    )
    expect(english(said)).toBe(
      'We met 402 different people. We give no estimate: too few people were met by both organisations.',
    )
  })
})

test('refusals and warnings are sentences by their codes', () => {
  expect(swedish({ code: 'referrals', params: {} })).toBe(
    'Organisationerna hänvisar till varandra: det drar siffran nedåt.',
  )
  expect(english({ code: 'coverage_too_low', params: {} })).toBe(
    'the visited places held too small a part of all who were counted last time.',
  )
})

test('every language names the same values in each sentence', () => {
  const names = (text: unknown) =>
    [...new Set(JSON.stringify(text).match(/\{\w+(:\d)?\}/g))].toSorted()
  for (const code of Object.keys(sv) as (keyof typeof sv)[]) {
    expect(names(en[code]), code).toEqual(names(sv[code]))
  }
  expect(Object.keys(en).toSorted()).toEqual(Object.keys(sv).toSorted())
})

test('a code of a newer server stands for itself', () => {
  expect(swedish({ code: 'something_new', params: {} })).toBe('something_new')
})
