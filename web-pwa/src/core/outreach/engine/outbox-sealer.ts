/**
 * Leaves what waits sealed for the server, so that the browser can send it while
 * the phone is locked. When that fails, it is sent once the phone is open.
 */

import { asFailure, type Failure } from '../../shared/failure.ts'
import type { SealRequest, Signer, Environment } from '../ports.ts'
import type { ReplicaHost } from './host.ts'

/** From a save that cannot be sent to its envelope: one for all that is typed in a row. */
const LEAVE_MS = 10_000

/** The sealer's questions to its engine, and its news. */
export interface OutboxSealerEvents {
  /** Returns what the server wants envelopes sealed with; `null` while it has not said. */
  key(): string | null
  /** Returns whether anything waits. */
  waits(): boolean
  left(): void
  failed(failure: Failure): Promise<void>
}

export class OutboxSealer {
  #host: ReplicaHost
  #parts: { seal: SealRequest; signer: Signer; environment: Environment }
  #events: OutboxSealerEvents
  /** After which write an envelope was left. */
  #left = -1
  #stop: (() => void) | null = null

  constructor(
    host: ReplicaHost,
    parts: { seal: SealRequest; signer: Signer; environment: Environment },
    events: OutboxSealerEvents,
  ) {
    this.#host = host
    this.#parts = parts
    this.#events = events
  }

  /** Leaves it in a while, if nobody does before. */
  soon(): void {
    this.#stop ??= this.#parts.environment.after(LEAVE_MS, () => void this.now())
  }

  /** Leaves it at once: soon the phone may be locked, or the page put to sleep. */
  async now(): Promise<void> {
    this.#stop?.()
    this.#stop = null
    // A tap on save and one on lock may come together.
    await this.#host.settled()
    const key = this.#events.key()
    if (key === null || !this.#events.waits()) return
    // It lies there already.
    if (this.#left === this.#host.writes) return
    const { seal, signer } = this.#parts
    try {
      const { payload, toSign, whole, writes } = await this.#host.requestToLeave()
      const request = await this.#host.seal(payload, await signer.sign(toSign))
      const envelope = await seal(key, request)
      if (await this.#host.leave({ envelope, whole, sent_at: null }, writes)) {
        this.#left = writes
        this.#events.left()
      } else this.soon()
    } catch (error) {
      await this.#events.failed(asFailure(error))
    }
  }
}
