/** The outbox: an envelope sealed for the server, and its way there while the phone is locked. */

import { EVENTS, type EngineEvent } from '$core/outreach/engine/api.ts'
import { LOCK_CHANNEL, type LockMessage } from '$core/outreach/lock/port.ts'
import type { Envelope } from '$core/outreach/ports.ts'
import { ENVELOPE, withDatabase, type Database, type Fact } from './database.ts'
import { environment } from './environment.ts'

/** The name under which the browser is asked to send when it has a network. */
export const SEND = 'send-envelope'

/** A phone that is open sends by itself, and need not send its envelope too. */
const OPEN_FIRST_MS = 2_000
/** Waits between tries at the lock screen; each doubles, and is shortened by up to half. */
const FIRST_WAIT_MS = 10_000
const LONGEST_WAIT_MS = 300_000
const TIMEOUT_MS = 60_000

const isEnvelope = (fact: Fact | undefined): fact is Envelope =>
  typeof fact === 'object' && 'envelope' in fact

/** Returns the envelope that lies on the phone. */
export async function envelopeIn(database: Database): Promise<Envelope | null> {
  const fact = await database.get('facts', ENVELOPE)
  return isEnvelope(fact) ? fact : null
}

/** Changes the row of an envelope, unless another one lies there by now. */
function settle(sent: Envelope, outcome: 'taken' | 'refused'): Promise<void> {
  return withDatabase(async (database) => {
    const transaction = database.transaction('facts', 'readwrite', { durability: 'strict' })
    const fact = await transaction.store.get(ENVELOPE)
    if (isEnvelope(fact) && same(fact.envelope, sent.envelope)) {
      if (outcome === 'refused') await transaction.store.delete(ENVELOPE)
      else await transaction.store.put({ ...fact, sent_at: environment.now() }, ENVELOPE)
    }
    await transaction.done
  })
}

/** Returns whether two are one: no two seals are alike. */
const same = (one: Uint8Array, other: Uint8Array): boolean =>
  one.length === other.length && one.every((byte, i) => byte === other[i])

/** Offers an envelope to the server. Rejects when its verdict is not known, or may change by itself. */
async function offer(envelope: Envelope): Promise<'taken' | 'refused'> {
  const { status } = await fetch('/api/v1/sync/envelope', {
    method: 'POST',
    headers: { 'content-type': 'application/octet-stream' },
    body: envelope.envelope as Uint8Array<ArrayBuffer>,
    cache: 'no-store',
    credentials: 'omit',
    redirect: 'error',
    signal: AbortSignal.timeout(TIMEOUT_MS),
  })
  // Only the server says this; a captive portal answers everything with a page of its own.
  if (status === 204) return 'taken'
  if (status >= 400 && status < 500 && status !== 429) return 'refused'
  throw new Error(`HTTP ${status}`)
}

/**
 * Sends the envelope, if there is one that was not sent. One that the server
 * refuses is dropped: only the phone, once open, can hear why. Rejects when it
 * is worth another try.
 */
export function sendEnvelope(): Promise<void> {
  return navigator.locks.request(SEND, async () => {
    const envelope = await withDatabase(envelopeIn)
    if (envelope === null || envelope.sent_at !== null) return
    await settle(envelope, await offer(envelope))
    const lock = new BroadcastChannel(LOCK_CHANNEL)
    lock.postMessage({ type: 'sent' } satisfies LockMessage)
    lock.close()
  })
}

/** Sends what lies here as long as something does; asks the browser to do so while no page is open. */
export function watchOutbox(): void {
  let wait = FIRST_WAIT_MS
  let timer: ReturnType<typeof setTimeout> | undefined
  const sendIn = (ms: number): void => {
    clearTimeout(timer)
    timer = setTimeout(() => {
      sendEnvelope().catch(() => {
        sendIn(wait * (1 - Math.random() / 2))
        wait = Math.min(wait * 2, LONGEST_WAIT_MS)
      })
    }, ms)
  }
  sendIn(OPEN_FIRST_MS)
  addEventListener('online', () => {
    wait = FIRST_WAIT_MS
    sendIn(OPEN_FIRST_MS)
  })
  new BroadcastChannel(EVENTS).addEventListener(
    'message',
    ({ data }: MessageEvent<EngineEvent>) => {
      if (data.change.type !== 'left') return
      // In case the phone is locked before its next own try.
      sendIn(FIRST_WAIT_MS)
      askBrowser().catch(() => undefined)
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
