/** The desk's routes, by the browser's session. */

import type { CoordinationApi, Listed } from '$core/coordination/api.ts'
import type {
  AlertEntry,
  Alerts,
  Proposals,
  TeamKey,
  TeamKeyRequest,
  View,
  Views,
} from '$core/shared/generated/api.ts'
import { call, callJson, posting } from './http.ts'

/** Pages read at once: beyond, somebody has to work through what is there first. */
const MOST_PAGES = 10

/** Reads a list page by page. */
async function pages<P extends { more: boolean }, T>(
  path: string,
  itemsOf: (page: P) => T[],
): Promise<{ listed: Listed<T>; first: P }> {
  const read = (from: number) => callJson<P>(`/api/v1/${path}?from=${from}`)
  const first = await read(0)
  const items = [...itemsOf(first)]
  let page = first
  for (let n = 1; page.more && n < MOST_PAGES; n += 1) {
    page = await read(items.length)
    items.push(...itemsOf(page))
  }
  return { listed: { rows: items, all: page.more ? null : items.length }, first }
}

type Served = Pick<
  CoordinationApi,
  'putTeamKey' | 'alerts' | 'acknowledge' | 'feedback' | 'handle' | 'proposals' | 'decide'
>

export function serviceApi(own: Record<string, string>): Served {
  const at = (path: string, id: string) => `/api/v1/${path}/${encodeURIComponent(id)}`
  return {
    async putTeamKey(fingerprint, replace) {
      const body: TeamKeyRequest = { fingerprint, replace }
      const init = { ...posting(body, own), method: 'PUT' }
      const answer = await callJson<TeamKey>('/api/v1/team-key', init)
      return { stands: answer.fingerprint, waits: answer.waits !== undefined }
    },
    async alerts() {
      const { listed, first } = await pages<Alerts, AlertEntry>('alerts', (page) => page.alerts)
      return { alerts: listed, unheard: first.unheard, floods: first.floods }
    },
    async acknowledge(alert, note, outcome) {
      const body = { note, ...(outcome !== null && { outcome }) }
      await call(`${at('alerts', alert)}/acknowledge`, posting(body, own))
    },
    feedback: async () => (await pages<Views, View>('feedback', (page) => page.feedback)).listed,
    async proposals() {
      const { proposals, all } = await callJson<Proposals>('/api/v1/proposals')
      return { rows: proposals, all }
    },
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
