/** The engine's worker: loads the wasm core, opens the storage, and answers the pages. */

import { expose, type Endpoint } from 'comlink'
import {
  CALLS,
  EVENTS,
  type EngineApi,
  type EngineEvent,
  type WorkerApi,
} from '$core/outreach/engine/api.ts'
import { Engine } from '$core/outreach/engine/engine.ts'
import { settle, type Result, Failure } from '$core/shared/failure.ts'
import { httpTransport } from '$platform/transport.ts'
import { openIdentity, readIdentity, signerOf } from '$platform/identity.ts'
import { IndexedDbStore } from '$platform/store.ts'
import { sealRequest } from '$platform/envelope.ts'
import { vaultFor } from '$platform/lock/vault.ts'
import { environment } from '$platform/environment.ts'
import { loadCore } from './core.ts'

const events = new BroadcastChannel(EVENTS)
let engine: Engine | null = null
/** Read while the person types the passphrase. */
const loading = loadCore()
loading.catch(() => undefined)

async function start(options: Parameters<WorkerApi['start']>[0]): Promise<void> {
  const [core, stored] = await Promise.all([loading, readIdentity()])
  if (stored.sealed && options.key === null) throw new Failure('locked')
  const identity = options.key === null ? stored.identity : await openIdentity(options.key)
  if (identity === null) throw new Failure('not_ready', 'not enrolled')
  const starting = new Engine({
    core,
    identity,
    store: new IndexedDbStore(vaultFor(options.key)),
    transport: httpTransport(identity.token),
    signer: signerOf(identity.keys),
    seal: sealRequest(identity.token),
    environment,
    built: import.meta.env.BUILT,
    tell: (event: EngineEvent) => events.postMessage(event),
  })
  await starting.start(options, () => {
    engine = starting
    // Tabs call as soon as they hear that the engine has started.
    expose(api, callsOfTabs())
  })
}

function asked<T>(ask: (engine: Engine) => Promise<Result<T>>): Promise<Result<T>> {
  return engine === null
    ? Promise.resolve({ ok: false, code: 'not_ready', detail: 'the engine has not started' })
    : ask(engine)
}

/**
 * Returns the channel on which other tabs call. A tab that forgets its proxy says
 * RELEASE, which on a channel of its own would close the other end; this one
 * is everybody's, so it is passed over.
 */
function callsOfTabs(): Endpoint {
  const channel = new BroadcastChannel(CALLS)
  return {
    postMessage: (message: unknown) => channel.postMessage(message),
    addEventListener: (type, listener) => {
      channel.addEventListener(type, (event) => {
        const { data } = event as MessageEvent<{ type?: unknown } | null>
        if (data?.type === 'RELEASE') return
        if (typeof listener === 'function') listener(event)
        else listener.handleEvent(event)
      })
    },
    removeEventListener: () => undefined,
  }
}

const api: EngineApi = {
  state: () => asked((e) => e.state()),
  dispatch: (intent, id) => asked((e) => e.dispatch(intent, id)),
  syncNow: () => asked((e) => e.syncNow()),
  notice: (notice) => asked((e) => e.notice(notice)),
  setDraft: (key, value) => asked((e) => e.setDraft(key, value)),
  erase: (even) => asked((e) => e.erase(even)),
}

const worker: WorkerApi = {
  ...api,
  start: (options) =>
    settle(async () => {
      await start(options)
      return null
    }),
}

expose(worker)
