import { DEFAULT_CONFIGURATION } from '$core/outreach/defaults.ts'
import { Failure } from '$core/shared/failure.ts'
import type * as api from '$core/shared/generated/api.ts'
import type { Transport } from '$core/outreach/ports.ts'
import { call, callJson } from './http.ts'

/** Bodies below this gain nothing from compression. */
const WORTH_COMPRESSING = 1_000
/** The server's own cap is 1 MB; more is not from it. */
const LARGEST_REPLY = 4_000_000

const CBOR = 'application/cbor'

async function gzip(bytes: Uint8Array): Promise<ArrayBuffer> {
  const stream = new Blob([bytes as Uint8Array<ArrayBuffer>])
    .stream()
    .pipeThrough(new CompressionStream('gzip'))
  return new Response(stream).arrayBuffer()
}

/** The server, as this phone reaches it. */
export function httpTransport(token: string): Transport {
  const authorization = `Bearer ${token}`
  return {
    async sync(body) {
      const compressed = body.byteLength >= WORTH_COMPRESSING && 'CompressionStream' in globalThis
      const response = await call('/api/v1/sync', {
        method: 'POST',
        headers: {
          authorization,
          'content-type': CBOR,
          accept: CBOR,
          ...(compressed && { 'content-encoding': 'gzip' }),
        },
        body: compressed ? await gzip(body) : (body as Uint8Array<ArrayBuffer>),
      })
      if (!response.headers.get('content-type')?.startsWith(CBOR)) {
        throw new Failure('unreachable', 'the answer is not the server’s')
      }
      const reply = await response.arrayBuffer().catch(() => {
        throw new Failure('unreachable', 'the answer broke off')
      })
      if (reply.byteLength > LARGEST_REPLY) throw new Failure('reply_refused', 'too large')
      return new Uint8Array(reply)
    },
    async me() {
      const me = await callJson<Me>('/api/v1/me', { headers: { authorization } })
      const { configuration, organisations, period, role, team_key } = me
      return {
        role,
        team_key: team_key ?? null,
        organisations: organisations ?? [],
        period: period ?? null,
        period_days: configuration.period_days,
        drawn_places: configuration.drawn_places,
        districts: configuration.districts,
        numbers: configuration.numbers,
        // A server of an older version does not say.
        phones: configuration.phones ?? DEFAULT_CONFIGURATION.phones,
        envelope_key: configuration.envelope_key ?? null,
      }
    },
  }
}

/** What `GET /me` answers; a server of an older version lacks some of it. */
type Me = Pick<api.Me, 'role'> &
  Partial<Pick<api.Me, 'organisations' | 'period' | 'team_key'>> & {
    configuration: Omit<api.Configuration, 'phones' | 'envelope_key'> &
      Partial<Pick<api.Configuration, 'phones' | 'envelope_key'>>
  }
