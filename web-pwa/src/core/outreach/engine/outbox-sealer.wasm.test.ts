/** The envelope that the browser sends, with the real core and the real storage code. */

import { beforeAll, beforeEach, expect, test } from 'vitest'
import { withDatabase } from '$platform/database.ts'
import { envelopeIn } from '$platform/outbox.ts'
import { unwrap, Failure } from '../../shared/failure.ts'
import { loadedCore, park, Phone } from '../../../testing/phone.ts'
import { MemoryServer } from '../../../testing/server.ts'
import type { CoreModule } from '../wasm-types.ts'

let core: CoreModule
beforeAll(async () => {
  core = await loadedCore()
})

let server: MemoryServer
beforeEach(() => {
  server = new MemoryServer()
})

const enrolled = (n: number): Phone => new Phone(core, server, n)
const left = () => withDatabase(envelopeIn)
const unreachable = { failure: new Failure('unreachable'), after: false }

async function away(): Promise<Phone> {
  const phone = await enrolled(1).start()
  phone.key = 'K'
  await phone.sync()
  return phone
}

test('what is left is what waits when the app goes out of sight, and reaches the server', async () => {
  const phone = await away()
  await phone.do(park())
  expect(await left()).toBeNull()
  unwrap(await phone.engine.notice('hidden'))
  const envelope = new TextEncoder().encode('K 1')
  expect(await left()).toEqual({ envelope, whole: true, sent_at: null })
  expect(phone.changes.at(-1)).toEqual({ type: 'left' })
  // The browser sends it; what the phone itself sends later is no second place.
  server.exchange(phone.device, phone.sealed[0] as Uint8Array)
  expect(server.log).toHaveLength(1)
  expect((await phone.state()).sync.waiting).toBe(1)
  await phone.sync()
  expect(server.log).toHaveLength(1)
  expect((await phone.state()).sync.waiting).toBe(0)
  expect(await left()).toBeNull()
})

test('what is left holds what was tapped just before', async () => {
  const phone = await away()
  const saving = phone.do(park())
  unwrap(await phone.engine.notice('hidden'))
  await saving
  expect(await left()).toMatchObject({ whole: true })
  // Nothing is sealed twice.
  unwrap(await phone.engine.notice('hidden'))
  expect(phone.sealed).toHaveLength(1)
})

test('what is left is not what a save that was just written lacks', async () => {
  const phone = await away()
  await phone.do(park())
  // Sealing takes its time, and somebody saves meanwhile.
  let saving: Promise<unknown> = Promise.resolve()
  phone.whileSealing = () => {
    saving = phone.do(park('Kajen'))
  }
  unwrap(await phone.engine.notice('hidden'))
  await saving
  expect(await left()).toBeNull()
})

test('what is left does not claim to hold what the server refused', async () => {
  const phone = await away()
  const { place } = await phone.do(park())
  server.refusals.set(place as string, 'clock_ahead')
  await phone.sync()
  await phone.do(park('Kajen'))
  unwrap(await phone.engine.notice('hidden'))
  expect(await left()).toMatchObject({ whole: false })
})

test('what is left goes with the next save, which is not in it', async () => {
  const phone = await away()
  await phone.do(park())
  unwrap(await phone.engine.notice('hidden'))
  await phone.do(park('Kajen'))
  expect(await left()).toBeNull()
  unwrap(await phone.engine.notice('hidden'))
  expect(phone.sealed).toHaveLength(2)
  expect(await left()).not.toBeNull()
})

test('what is left is nothing when nothing waits, or the server cannot open it', async () => {
  const phone = await away()
  unwrap(await phone.engine.notice('hidden'))
  expect(await left()).toBeNull()
  const older = await enrolled(2).start()
  server.failures.push(unreachable)
  await older.sync()
  await older.do(park())
  unwrap(await older.engine.notice('hidden'))
  expect(older.sealed).toEqual([])
})
