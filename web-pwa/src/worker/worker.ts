/** The engine's worker: loads the wasm core, opens the storage, and answers the pages. */

import { expose } from 'comlink'
import {
  CALLS,
  EVENTS,
  type EngineApi,
  type EngineEvent,
  type WorkerApi,
} from '$core/engine/api.ts'
import { Engine } from '$core/engine/engine.ts'
import { settle, type Result } from '$core/failure.ts'
import { Failure } from '$core/field-core.ts'
import { httpTransport } from '$platform/transport.ts'
import { readIdentity, signerOf } from '$platform/identity.ts'
import { IndexedDbStore } from '$platform/store.ts'
import { openVault } from '$platform/vault.ts'
import { world } from '$platform/world.ts'
import { loadCore } from './core.ts'

const events = new BroadcastChannel(EVENTS)
let engine: Engine | null = null

async function start(options: Parameters<WorkerApi['start']>[0]): Promise<void> {
  const [core, { identity }] = await Promise.all([loadCore(), readIdentity()])
  if (identity === null) throw new Failure('not_ready', 'not enrolled')
  engine = new Engine({
    core,
    identity,
    store: new IndexedDbStore(openVault),
    transport: httpTransport(identity.token),
    signer: signerOf(identity.keys),
    world,
    tell: (event: EngineEvent) => events.postMessage(event),
  })
  await engine.start(options)
}

function asked<T>(ask: (engine: Engine) => Promise<Result<T>>): Promise<Result<T>> {
  return engine === null
    ? Promise.resolve({ ok: false, code: 'not_ready', detail: 'the engine has not started' })
    : ask(engine)
}

const api: EngineApi = {
  state: () => asked((e) => e.state()),
  dispatch: (intent) => asked((e) => e.dispatch(intent)),
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
      // Only an engine that runs answers the tabs that follow.
      expose(api, new BroadcastChannel(CALLS))
      return null
    }),
}

expose(worker)
