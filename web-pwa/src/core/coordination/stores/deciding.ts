/** What waits for a second person, what was taken back, and whether retention stands still. */

import type { PendingAct, Stop, Undo, UndoPreview } from '../../shared/generated/api.ts'
import type { CoordinationApi, Listed, Ordered } from '../api.ts'
import { Reading } from '../reading.ts'
import type { CoordinationSession } from '../session.ts'

export class DecidingStore {
  readonly acts: Reading<PendingAct[]>
  readonly undos: Reading<Listed<Undo>>
  /** Holds why retention stands still; `null` while it runs. */
  readonly retention: Reading<Stop | null>
  readonly #session: CoordinationSession

  constructor(session: CoordinationSession) {
    this.acts = new Reading(session, (api) => api.acts())
    this.undos = new Reading(session, (api) => api.undos())
    this.retention = new Reading(session, (api) => api.retention())
    this.#session = session
  }

  /** Confirms or takes back what somebody asked for. */
  settle(id: number, what: 'confirm' | 'withdraw'): Promise<void> {
    return this.#order((api) => api.settleAct(id, what))
  }

  /** Asks that retention goes on. `anew`: all that is there counts as received now. */
  letRetentionGoOn(anew: boolean): Promise<void> {
    return this.#order((api) => api.letRetentionGoOn(anew))
  }

  /** Returns what taking back what a device said since a time (RFC 3339) would do. */
  previewUndo(device: string, since: string): Promise<UndoPreview> {
    return this.#session.ask((api) => api.previewUndo(device, since))
  }

  undoDevice(device: string, since: string, quarantine: boolean): Promise<Ordered> {
    return this.#order((api) => api.undoDevice(device, since, quarantine))
  }

  takeBack(undo: number): Promise<Ordered> {
    return this.#order((api) => api.takeBackUndo(undo))
  }

  /** Orders something; whatever is shown here may be another then. */
  async #order<T>(order: (api: CoordinationApi) => Promise<T>): Promise<T> {
    const ordered = await this.#session.ask(order)
    const shown = [this.acts, this.undos, this.retention].filter((reading) => reading.isOpen)
    await Promise.all(shown.map((reading) => reading.refresh()))
    return ordered
  }
}
