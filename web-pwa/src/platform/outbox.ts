/** What lies sealed for the server, and how it gets there while the phone is locked. */

import { asFailure } from '$core/failure.ts'
import { EVENTS, type EngineEvent } from '$core/engine/api.ts'
import type { FailureCode } from '$core/field-core.ts'
import type { LockMessage } from '$core/lock/port.ts'
import type { Envelope } from '$core/ports.ts'
import { ENVELOPE, withDatabase, type Database, type Fact } from './database.ts'
import { call } from './http.ts'
import { LOCK_CHANNEL } from './lock/channel.ts'
import { world } from './world.ts'

/** The name under which the browser is asked to send when it has a network. */
export const SEND = 'send-envelope'

/** A phone that is open sends by itself, and need not send its envelope too. */
const OPEN_FIRST_MS = 2_000

const MAY_PASS: ReadonlySet<FailureCode> = new Set([
  'offline',
  'unreachable',
  'busy',
  'server_error',
  'server_full',
])

const isEnvelope = (fact: Fact | undefined): fact is Envelope =>
  typeof fact === 'object' && 'envelope' in fact

/** The envelope that lies on the phone. */
export async function envelopeIn(database: Database): Promise<Envelope | null> {
  const fact = await database.get('facts', ENVELOPE)
  return isEnvelope(fact) ? fact : null
}

/** Notes that an envelope was sent, unless another one lies there by now. */
function noteSent(sent: Envelope): Promise<void> {
  return withDatabase(async (database) => {
    const transaction = database.transaction('facts', 'readwrite', { durability: 'strict' })
    const fact = await transaction.store.get(ENVELOPE)
    if (isEnvelope(fact) && same(fact.envelope, sent.envelope)) {
      await transaction.store.put({ ...fact, sent_at: world.now() }, ENVELOPE)
    }
    await transaction.done
  })
}

/** Whether two are one: no two seals are alike. */
const same = (one: Uint8Array, other: Uint8Array): boolean =>
  one.length === other.length && one.every((byte, i) => byte === other[i])

/**
 * Sends the envelope, if there is one that was not sent. Rejects when it is
 * worth another try; what the server refuses is the open phone's to tell.
 */
export function sendEnvelope(): Promise<void> {
  return navigator.locks.request(SEND, async () => {
    const envelope = await withDatabase(envelopeIn)
    if (envelope === null || envelope.sent_at !== null) return
    try {
      await call('/api/v1/sync/envelope', {
        method: 'POST',
        headers: { 'content-type': 'application/octet-stream' },
        body: envelope.envelope as Uint8Array<ArrayBuffer>,
      })
    } catch (error) {
      if (MAY_PASS.has(asFailure(error).code)) throw error
      return
    }
    await noteSent(envelope)
    const lock = new BroadcastChannel(LOCK_CHANNEL)
    lock.postMessage({ type: 'sent' } satisfies LockMessage)
    lock.close()
  })
}

/** Sends what lies here now and whenever the network returns; asks the browser to do so while no page is open. */
export function watchOutbox(): void {
  const send = (): void => void sendEnvelope().catch(() => undefined)
  setTimeout(send, OPEN_FIRST_MS)
  addEventListener('online', () => setTimeout(send, OPEN_FIRST_MS))
  new BroadcastChannel(EVENTS).addEventListener(
    'message',
    ({ data }: MessageEvent<EngineEvent>) => {
      if (data.change.type === 'left') void askBrowser().catch(() => undefined)
    },
  )
}

/** Background Sync, where the browser has it (https://wicg.github.io/background-sync/spec/). */
interface Syncing extends ServiceWorkerRegistration {
  sync?: { register(tag: string): Promise<void> }
}

async function askBrowser(): Promise<void> {
  const registration: Syncing | undefined = await navigator.serviceWorker?.getRegistration()
  await registration?.sync?.register(SEND)
}
