import { expect, test } from 'vitest'
import { address, pagesOf, parse, type DeskRoute } from './routes.ts'

const document = 'a7'.repeat(16)

const routes: DeskRoute[] = [
  { page: 'front' },
  { page: 'method' },
  { page: 'draw' },
  { page: 'incoming' },
  { page: 'phones' },
  { page: 'alerts' },
  { page: 'feedback' },
  { page: 'proposals' },
  { page: 'quarantine' },
  { page: 'history', document: '' },
  { page: 'history', document },
]

test.each(routes)('%o is read back as it was written', (route) => {
  expect(parse(address(route))).toEqual(route)
})

test('the desk is found with a slash at the end, and with a query', () => {
  expect(parse('/samordning/')).toEqual({ page: 'front' })
  expect(parse('/samordning/larm?from=post')).toEqual({ page: 'alerts' })
})

test.each([
  '/samordning/nope',
  '/samordning/larm/2',
  '/samordning/historik/nobody',
  `/samordning/historik/${document}/2`,
])('%s is no page', (text) => {
  expect(parse(text)).toEqual({ page: 'missing' })
})

test('the duty service has its alerts, and only coordinators read who did what', () => {
  expect(pagesOf('duty')).toEqual(['alerts'])
  expect(pagesOf('coordinator')).toContain('history')
  expect(pagesOf('administrator')).not.toContain('history')
})
