/** What coordinators and administrators decide about devices, and what needs two people. */

import type { PendingAct, Stop, Undo, UndoPreview } from '../shared/generated/api.ts'

/** What became of an order: it was begun, or waits for a second person. */
export type Ordered = 'begun' | 'waits'

/** The server's routes for it. Methods reject with a `Failure`. */
export interface DecidingApi {
  acts(): Promise<PendingAct[]>
  settleAct(id: number, what: 'confirm' | 'withdraw'): Promise<void>
  /** Why retention stands still; `null` while it runs. */
  retention(): Promise<Stop | null>
  /** `anew`: all that is there counts as received now, for a clock that was behind. */
  letRetentionGoOn(anew: boolean): Promise<void>
  /** `since`: RFC 3339. */
  previewUndo(device: string, since: string): Promise<UndoPreview>
  undoDevice(device: string, since: string, quarantine: boolean): Promise<Ordered>
  undos(): Promise<Undo[]>
  takeBackUndo(id: number): Promise<Ordered>
}

/** The same, each asked by way of `ask`. */
export function decidingBy(
  ask: <T>(question: (api: DecidingApi) => Promise<T>) => Promise<T>,
): DecidingApi {
  return {
    acts: () => ask((api) => api.acts()),
    settleAct: (id, what) => ask((api) => api.settleAct(id, what)),
    retention: () => ask((api) => api.retention()),
    letRetentionGoOn: (anew) => ask((api) => api.letRetentionGoOn(anew)),
    previewUndo: (device, since) => ask((api) => api.previewUndo(device, since)),
    undoDevice: (device, since, quarantine) =>
      ask((api) => api.undoDevice(device, since, quarantine)),
    undos: () => ask((api) => api.undos()),
    takeBackUndo: (id) => ask((api) => api.takeBackUndo(id)),
  }
}
