/** The routes of what is decided about devices, by the browser's session. */

import type { CoordinationApi, Ordered } from '$core/coordination/api.ts'
import type { Acts, Ready, Undos } from '$core/shared/generated/api.ts'
import { call, callJson, posting } from './http.ts'

/** 202: a second person must confirm it. */
const ordered = (response: Response): Ordered => (response.status === 202 ? 'waits' : 'begun')

type Decided = Pick<
  CoordinationApi,
  | 'acts'
  | 'settleAct'
  | 'retention'
  | 'letRetentionGoOn'
  | 'previewUndo'
  | 'undoDevice'
  | 'undos'
  | 'takeBackUndo'
>

export function decidingApi(own: Record<string, string>): Decided {
  const undo = (device: string) => `/api/v1/devices/${encodeURIComponent(device)}/undo`
  return {
    acts: async () => (await callJson<Acts>('/api/v1/acts')).acts,
    async settleAct(id, what) {
      await call(`/api/v1/acts/${id}/${what}`, { method: 'POST', headers: own })
    },
    retention: async () => (await callJson<Ready>('/api/v1/readyz')).retention.reason,
    async letRetentionGoOn(anew) {
      await call('/api/v1/retention/go-on', posting({ anew }, own))
    },
    previewUndo: (device, since) => callJson(`${undo(device)}?since=${encodeURIComponent(since)}`),
    undoDevice: async (device, since, quarantine) =>
      ordered(await call(undo(device), posting({ since, quarantine }, own))),
    async undos() {
      const { undos, all } = await callJson<Undos>('/api/v1/undos')
      return { rows: undos, all }
    },
    takeBackUndo: async (id) =>
      ordered(await call(`/api/v1/undos/${id}/take-back`, { method: 'POST', headers: own })),
  }
}
