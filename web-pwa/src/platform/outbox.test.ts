import 'fake-indexeddb/auto'
import { IDBFactory } from 'fake-indexeddb'
import { beforeEach, expect, test, vi } from 'vitest'
import type { Envelope } from '$core/outreach/ports.ts'
import { ENVELOPE, withDatabase } from './database.ts'
import { envelopeIn, sendEnvelope } from './outbox.ts'

const envelope: Envelope = { envelope: Uint8Array.of(1, 2, 3), whole: true, sent_at: null }

const put = (left: Envelope) => withDatabase((database) => database.put('facts', left, ENVELOPE))
const left = () => withDatabase(envelopeIn)

/** The server answers with these, one after the other; nothing is a network that is not there. */
function answers(...statuses: (number | null)[]): { sent: unknown[] } {
  const sent: unknown[] = []
  vi.stubGlobal('fetch', async (_: string, { body }: RequestInit) => {
    const status = statuses.shift()
    if (status == null) throw new TypeError('no network')
    sent.push(body)
    return new Response(null, { status })
  })
  return { sent }
}

beforeEach(async () => {
  globalThis.indexedDB = new IDBFactory()
  vi.stubGlobal('navigator', {
    locks: { request: (_: string, action: () => Promise<void>) => action() },
  })
  await put(envelope)
})

test('what the server says it holds is noted, and not sent again', async () => {
  const { sent } = answers(204)
  await sendEnvelope()
  await sendEnvelope()
  expect(sent).toEqual([envelope.envelope])
  expect((await left())?.sent_at).toBeTypeOf('number')
})

test.each([null, 200, 302, 429, 500, 503, 507])('after %s it is tried again', async (status) => {
  answers(status)
  await expect(sendEnvelope()).rejects.toThrow()
  expect(await left()).toEqual(envelope)
})

test.each([400, 401, 403, 409, 413, 426])(
  'after %s only the open phone can ask',
  async (status) => {
    answers(status)
    await sendEnvelope()
    expect(await left()).toBeNull()
  },
)

test.each([204, 409])('what was left meanwhile stays as it is after %s', async (status) => {
  const later = { ...envelope, envelope: Uint8Array.of(4, 5, 6) }
  vi.stubGlobal('fetch', async () => {
    await put(later)
    return new Response(null, { status })
  })
  await sendEnvelope()
  expect(await left()).toEqual(later)
})

test('nothing is sent when nothing lies there', async () => {
  globalThis.indexedDB = new IDBFactory()
  const { sent } = answers(204)
  await sendEnvelope()
  expect(sent).toEqual([])
})
