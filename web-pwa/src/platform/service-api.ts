/** The desk's routes, by the browser's session. */

import type {
  DeskAlert,
  DeskAlerts,
  DeskFeedback,
  DeskProposal,
  ServiceApi,
} from '$core/coordination/service.ts'
import { call, callJson, posting } from './http.ts'

/** Pages read at once: beyond, somebody has to work through what is there first. */
const MOST_PAGES = 10

/** Reads a list page by page. */
async function pages<P, T>(
  path: string,
  itemsOf: (page: P) => T[],
): Promise<{ items: T[]; first: P }> {
  const read = (from: number) => callJson<P & { more: boolean }>(`/api/v1/${path}?from=${from}`)
  const first = await read(0)
  const items = [...itemsOf(first)]
  let page = first
  for (let n = 1; page.more && n < MOST_PAGES; n += 1) {
    page = await read(items.length)
    items.push(...itemsOf(page))
  }
  return { items, first }
}

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
    async alerts() {
      const { items, first } = await pages<DeskAlerts, DeskAlert>('alerts', (page) => page.alerts)
      return { alerts: items, unheard: first.unheard, floods: first.floods }
    },
    async acknowledge(alert, note, outcome) {
      const body = { note, ...(outcome !== null && { outcome }) }
      await call(`${at('alerts', alert)}/acknowledge`, posting(body, own))
    },
    feedback: async () =>
      (await pages<{ feedback: DeskFeedback[] }, DeskFeedback>('feedback', (page) => page.feedback))
        .items,
    proposals: async () =>
      (await callJson<{ proposals: DeskProposal[] }>('/api/v1/proposals')).proposals,
    async decide(place, proposal, decision) {
      await call(
        `${at('places', place)}/proposals/${encodeURIComponent(proposal)}/decide`,
        posting({ decision }, own),
      )
    },
    async handle(feedback, step) {
      await call(`${at('feedback', feedback)}/handle`, posting(step, own))
    },
  }
}
