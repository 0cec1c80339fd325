import { wrap } from 'comlink'
import type { RunningEngine, Tabs } from '$core/outreach/client/link.ts'
import {
  CALLS,
  EVENTS,
  LEADER_LOCK,
  type EngineApi,
  type EngineEvent,
  type WorkerApi,
} from '$core/outreach/engine/api.ts'
import { unwrap } from '$core/shared/failure.ts'
import type { DataKey } from '$core/outreach/ports.ts'

/** Asks for the leader's lock and holds it as long as the tab lives. Resolves to whether it was given. */
function lead(options: LockOptions, lost: () => void): Promise<boolean> {
  return new Promise((resolve, reject) => {
    let held = false
    navigator.locks
      .request(LEADER_LOCK, options, (lock) => {
        held = lock !== null
        resolve(held)
        return held ? new Promise<never>(() => undefined) : undefined
      })
      // Rejected when another tab steals the lock.
      .catch((error: unknown) => (held ? lost() : reject(error)))
  })
}

interface EngineWorker {
  worker: Worker
  died: Promise<string>
}

function newWorker(): EngineWorker {
  const worker = new Worker(new URL('../worker/worker.ts', import.meta.url), {
    type: 'module',
    name: 'lagesbild',
  })
  const died = new Promise<string>((resolve) => {
    worker.addEventListener('error', (event) => resolve(event.message || 'the worker broke'))
  })
  return { worker, died }
}

/** A worker that reads the core before it is needed. */
let warm: EngineWorker | null = null

async function startEngine(options: {
  crashes: number
  key: DataKey | null
}): Promise<RunningEngine> {
  const { worker, died } = warm ?? newWorker()
  warm = null
  const api = wrap<WorkerApi>(worker) as unknown as WorkerApi
  try {
    const online = navigator.onLine
    const visible = document.visibilityState === 'visible'
    const started = api.start({ ...options, online, visible })
    // A worker whose script cannot be loaded never answers.
    const outcome = await Promise.race([started, died])
    unwrap(
      typeof outcome === 'string' ? { ok: false, code: 'core_crashed', detail: outcome } : outcome,
    )
  } catch (error) {
    worker.terminate()
    throw error
  }
  return { api, died, end: () => worker.terminate() }
}

/** This browser's tabs. */
export function browserTabs(): Tabs {
  return {
    startEngine,
    warm() {
      warm ??= newWorker()
    },
    announce() {
      const starting: EngineEvent = { engine: '', serial: 0, change: { type: 'starting' } }
      const events = new BroadcastChannel(EVENTS)
      events.postMessage(starting)
      events.close()
    },
    remoteEngine: () => wrap<EngineApi>(new BroadcastChannel(CALLS)) as unknown as EngineApi,
    onEvent(listener) {
      const events = new BroadcastChannel(EVENTS)
      events.addEventListener('message', (event: MessageEvent<EngineEvent>) => listener(event.data))
    },
    anybody: async () => {
      const { held = [], pending = [] } = await navigator.locks.query()
      return [...held, ...pending].some(({ name }) => name === LEADER_LOCK)
    },
    tryLead: (lost) => lead({ ifAvailable: true }, lost),
    waitToLead: async (lost) => {
      await lead({}, lost)
    },
    takeLead: async (lost) => {
      await lead({ steal: true }, lost)
    },
  }
}
