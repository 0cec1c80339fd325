import { beforeEach, expect, test, vi } from 'vitest'
import { i18n } from './i18n.svelte.ts'

const page = { documentElement: { lang: '' } }
vi.stubGlobal('document', page)

beforeEach(async () => {
  i18n.language = 'sv'
  await i18n.loaded
})

test('a chosen language is shown once its texts are there, for the markup too', async () => {
  i18n.language = 'en'
  expect(i18n.t.common.back).toBe('Tillbaka')
  await i18n.loaded
  expect(i18n.t.common.back).toBe('Back')
  expect([i18n.language, i18n.locale, page.documentElement.lang]).toEqual(['en', 'en-GB', 'en'])
})

test('of two choices made quickly the last one holds', async () => {
  i18n.language = 'en'
  i18n.language = 'sv'
  await i18n.loaded
  expect(i18n.t.common.back).toBe('Tillbaka')
})

test('what a page needs is there in the language that is chosen meanwhile, and in the next', async () => {
  i18n.language = 'en'
  await i18n.need('lock')
  expect(i18n.t.lock.locked.forgot).toBe('Forgot the passphrase?')
  i18n.language = 'sv'
  await i18n.loaded
  expect(i18n.t.lock.locked.forgot).toBe('Glömt lösenfrasen?')
})

test('what the server says in two languages is shown in the one in use', async () => {
  const said = { sv: 'Plats', en: 'Place' }
  expect(i18n.of(said)).toBe('Plats')
  i18n.language = 'en'
  await i18n.loaded
  expect(i18n.of(said)).toBe('Place')
})
