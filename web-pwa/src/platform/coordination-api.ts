/** The server as a coordinator's browser reaches it: by a session, which the browser keeps from scripts. */

import type { CoordinationApi, DeviceRow } from '$core/coordination/api.ts'
import type {
  Devices,
  History,
  Incoming,
  Invitation,
  InvitationRequest,
  Periods,
  Quarantine,
} from '$core/shared/generated/api.ts'
import { decidingApi } from './deciding-api.ts'
import { call, callJson, posting } from './http.ts'
import { serviceApi } from './service-api.ts'
import { httpTransport } from './transport.ts'

/** Shows the server that a page of its own asks: other sites' pages cannot send it. */
const OWN = { 'x-lagesbild': '1' }

function deviceRows({ devices, organisations, most }: Devices): DeviceRow[] {
  const together = new Map(organisations.map(({ id, documents }) => [id, documents]))
  return devices.map(({ id, today, ...row }) => ({
    device: id,
    ...row,
    today: {
      device: { documents: today.documents, most: most.documents },
      organisation: {
        documents: together.get(row.organisation.id) ?? 0,
        most: most.organisation_documents,
      },
    },
  }))
}

/** Bearer and session: reads take the session, so that the token is sent only to begin one. */
export function coordinationApi(token: string): CoordinationApi {
  const bearer = { authorization: `Bearer ${token}` }
  const get = <T>(path: string): Promise<T> => callJson<T>(`/api/v1${path}`)
  return {
    ...serviceApi(OWN),
    ...decidingApi(OWN),
    async signIn() {
      await call('/api/v1/sessions', { method: 'POST', headers: { ...OWN, ...bearer } })
    },
    async signOut() {
      await call('/api/v1/sessions', { method: 'DELETE', headers: OWN })
    },
    me: () => httpTransport(token).me(),
    estimate: (period) => get(period === null ? '/estimate' : `/estimate?period=${period}`),
    people: (period) => get(period === null ? '/people' : `/people?period=${period}`),
    periods: async (count) => (await get<Periods>(`/periods?count=${count}`)).periods,
    incoming: async (limit) => (await get<Incoming>(`/incoming?limit=${limit}`)).incoming,
    draw: () => get('/draw'),
    drawPlaces: (count) => callJson('/api/v1/draw', posting({ count }, OWN)),
    async quarantine() {
      const { entries, all } = await get<Quarantine>('/quarantine')
      return { rows: entries, all }
    },
    async settleQuarantined(id, what) {
      await call(`/api/v1/quarantine/${id}/${what}`, { method: 'POST', headers: OWN })
    },
    devices: async () => deviceRows(await get<Devices>('/devices')),
    async history(document, from) {
      const { changes, all } = await get<History>(`/documents/${document}/history?from=${from}`)
      return { rows: changes, all }
    },
    async invite(role, organisation, label) {
      const body: InvitationRequest = { role, organisation, ...(label && { label }) }
      const made = await callJson<Invitation>('/api/v1/invitations', posting(body, OWN))
      return { ...made, link: new URL(made.path, location.origin).href }
    },
    async revoke(device) {
      await call(`/api/v1/devices/${encodeURIComponent(device)}/revoke`, {
        method: 'POST',
        headers: OWN,
      })
    },
    listen(news, state) {
      const source = new EventSource('/api/v1/events')
      source.addEventListener('news', news)
      source.addEventListener('open', () => state('open'))
      source.addEventListener('error', () => {
        state(source.readyState === EventSource.CLOSED ? 'ended' : 'broken')
      })
      return () => source.close()
    },
  }
}
