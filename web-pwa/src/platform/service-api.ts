/** The desk's routes, by the browser's session. */

import type { DeskAlert, DeskFeedback, ServiceApi } from '$core/coordination/service.ts'
import { call, callJson, posting } from './http.ts'

export function serviceApi(own: Record<string, string>): ServiceApi {
  const at = (path: string, id: string) => `/api/v1/${path}/${encodeURIComponent(id)}`
  return {
    async putTeamKey(fingerprint, replace) {
      const body = posting({ fingerprint, replace }, own)
      const answer = await callJson<{ fingerprint: string; waits?: unknown }>('/api/v1/team-key', {
        ...body,
        method: 'PUT',
      })
      return { stands: answer.fingerprint, waits: answer.waits !== undefined }
    },
    alerts: async () => (await callJson<{ alerts: DeskAlert[] }>('/api/v1/alerts')).alerts,
    async acknowledge(alert, note, outcome) {
      const body = { note, ...(outcome !== null && { outcome }) }
      await call(`${at('alerts', alert)}/acknowledge`, posting(body, own))
    },
    feedback: async () =>
      (await callJson<{ feedback: DeskFeedback[] }>('/api/v1/feedback')).feedback,
    async handle(feedback, step) {
      await call(`${at('feedback', feedback)}/handle`, posting(step, own))
    },
  }
}
