import { describe, expect, test } from 'vitest'
import { address, parse, type Route } from './routes.ts'

const document = 'a7'.repeat(16)
const record = '0b'.repeat(8)

describe('addresses', () => {
  const routes: Route[] = [
    { page: 'home' },
    { page: 'pick', purpose: 'count' },
    { page: 'pick', purpose: 'encounter' },
    { page: 'pick', purpose: 'browse' },
    { page: 'new-place', purpose: 'count', name: '' },
    { page: 'new-place', purpose: 'encounter', name: 'Bron & kajen, söder' },
    { page: 'count', place: document },
    { page: 'encounter', place: document },
    { page: 'place', place: document },
    { page: 'visit', visit: document },
    { page: 'edit-count', visit: document, record },
    { page: 'edit-encounter', visit: document, record },
    { page: 'conflicts' },
    { page: 'urgent' },
    { page: 'raise-alert' },
    { page: 'alert', alert: document },
    { page: 'information', at: '' },
    { page: 'information', at: document },
    { page: 'leaflet', topic: 'rights', language: 'ro', at: '' },
    { page: 'leaflet', topic: 'complaints', language: 'bg', at: document },
    { page: 'feedback-code' },
    { page: 'help' },
    { page: 'sync' },
    { page: 'settings' },
    { page: 'about' },
    { page: 'accessibility' },
  ]

  test.each(routes)('%o is read back as it was written', (route) => {
    expect(parse(address(route))).toEqual(route)
  })

  test.each([
    '/nope',
    '/rakna/xyz',
    `/besok/${document}/rakning/1`,
    '/akut/nej',
    '/information/rights',
    '/information/rights/xx',
    `/akut/${document}/2`,
    '/rakna/ny/2',
  ])('%s is no page', (text) => {
    expect(parse(text)).toEqual({ page: 'missing' })
  })
})
