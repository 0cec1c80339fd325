/// <reference types="node" />
/** A phone for tests: the engine with the real core and the real storage code, against a server in memory. */

import { readFile } from 'node:fs/promises'
import 'fake-indexeddb/auto'
import { IDBFactory } from 'fake-indexeddb'
import { IndexedDbStore } from '$platform/store.ts'
import { openVault } from '$platform/lock/vault.ts'
import { DEFAULT_CONFIGURATION } from '$core/outreach/defaults.ts'
import type { EngineChange, EngineState } from '$core/outreach/engine/api.ts'
import { Engine } from '$core/outreach/engine/engine.ts'
import { unwrap, Failure } from '$core/shared/failure.ts'
import type { Intent } from '$core/outreach/intents.ts'
import type { Visit } from '$core/shared/model.ts'
import type { Batch, Environment } from '$core/outreach/ports.ts'
import type { CoreModule } from '$core/outreach/wasm-types.ts'
import type { MemoryServer } from './server.ts'

/** Returns the real core, which `cargo xtask wasm` builds. */
export async function loadedCore(): Promise<CoreModule> {
  const module = await import('../wasm/lagesbild_wasm.js')
  const bytes = await readFile(new URL('../wasm/lagesbild_wasm_bg.wasm', import.meta.url))
  await module.default({ module_or_path: bytes })
  return module as unknown as CoreModule
}

/** Storage that can be told to fail. */
class Disk extends IndexedDbStore {
  failures: Failure[] = []
  override async write(batch: Batch): Promise<void> {
    const failure = this.failures.shift()
    if (failure !== undefined) throw failure
    await super.write(batch)
  }
}

/** A phone with its own storage. Time stands still unless it is moved; nothing is sent unless asked. */
export class Phone {
  device: string
  now = Date.UTC(2026, 10, 20, 21)
  /** How far its clock is ahead. */
  clockError = 0
  engine!: Engine
  disk!: Disk
  changes: EngineChange[] = []
  /** The server's public key for envelopes. */
  key: string | null = null
  /** The requests that were left sealed for the server. */
  sealed: Uint8Array[] = []
  whileSealing: () => void = () => undefined
  #core: CoreModule
  #server: MemoryServer
  #indexedDB = new IDBFactory()
  #random = 1

  constructor(core: CoreModule, server: MemoryServer, n: number) {
    this.#core = core
    this.#server = server
    this.device = n.toString(16).padStart(16, '0')
  }

  /** Starts, or starts anew after the app was killed: what is not on disk is gone. */
  async start(): Promise<this> {
    globalThis.indexedDB = this.#indexedDB
    this.disk = new Disk(openVault)
    this.engine = new Engine({
      core: this.#core,
      store: this.disk,
      identity: { device: this.device, organisation: { id: 'eu-teamet', name: 'EU-teamet' } },
      environment: this.#environment(),
      signer: { sign: async () => new Uint8Array(64) },
      seal: async (key, request) => {
        this.sealed.push(request)
        this.whileSealing()
        return new TextEncoder().encode(`${key} ${this.sealed.length}`)
      },
      transport: {
        sync: async (body) => this.#server.exchange(this.device, body),
        me: async () => {
          if (this.key === null) throw new Failure('unreachable')
          const { read_at: _, ...known } = DEFAULT_CONFIGURATION
          return { ...known, role: 'worker', envelope_key: this.key }
        },
      },
      built: Date.UTC(2026, 10, 1),
      tell: (event) => this.changes.push(event.change),
    })
    await this.engine.start({ crashes: 0, online: true, visible: true })
    return this
  }

  #environment(): Environment {
    return {
      now: () => this.now + this.clockError,
      counting: () => this.now,
      random: () => 0.5,
      hex: (bytes) =>
        Array.from({ length: bytes }, () => {
          this.#random =
            (this.#random * 1_103_515_245 + 12_345 + Number(`0x${this.device}`)) % 2 ** 31
          return ((this.#random >> 8) & 0xff).toString(16).padStart(2, '0')
        }).join(''),
      after: () => () => undefined,
      soon: (call) => void setTimeout(call),
    }
  }

  async do(intent: Intent) {
    globalThis.indexedDB = this.#indexedDB
    this.now += 1000
    const { saved } = unwrap(await this.engine.dispatch(intent, `call${this.now}`))
    // What is told of it comes after the answer.
    await new Promise((resolve) => setTimeout(resolve))
    return saved
  }

  async sync(): Promise<void> {
    globalThis.indexedDB = this.#indexedDB
    this.now += 1000
    this.#server.now = this.now
    unwrap(await this.engine.syncNow())
  }

  async state(): Promise<EngineState> {
    return unwrap(await this.engine.state())
  }

  async visit(id: string): Promise<Visit> {
    const found = (await this.state()).documents.find((d) => d.view.document === id)?.view
    if (found?.kind !== 'visit') throw new Error('no visit')
    return found.content
  }
}

/** Returns the intent to record a park. */
export const park = (name = 'Parken'): Intent => ({
  type: 'new_place',
  place: { name, place_type: 'park', district: 'farsta', position: null },
})
