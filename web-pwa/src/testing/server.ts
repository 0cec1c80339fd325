/** A server in memory for tests: an ordered log of changes, as the protocol describes it; it checks nothing. */

import { decode as decodeAs, encode } from 'cborg'
import { Failure } from '$core/shared/failure.ts'

/** The part of CBOR that the sync protocol uses. */
type Cbor = number | string | boolean | null | Uint8Array | Cbor[] | CborMap
type CborMap = Map<number, Cbor>
interface Entry {
  document: string
  kind: string
  change: Uint8Array
  from: string
}

const hexOf = (bytes: Uint8Array): string =>
  Array.from(bytes, (b) => b.toString(16).padStart(2, '0')).join('')
const bytesOf = (hex: string): Uint8Array =>
  new Uint8Array((hex.match(/../g) ?? []).map((pair) => Number.parseInt(pair, 16)))

/** Decodes; the protocol's maps have numbers for keys. */
const decode = (bytes: Uint8Array): Cbor => decodeAs(bytes, { useMaps: true })

export class MemoryServer {
  epoch = 1
  log: Entry[] = []
  purged: string[] = []
  /** Codes to refuse documents with. */
  refusals = new Map<string, string>()
  /** Fails the next exchanges: before the server has seen the request, or after. */
  failures: { failure: Failure; after: boolean }[] = []
  requests = 0
  now = Date.now()

  /** Answers one sealed request of a device. */
  exchange(device: string, body: Uint8Array): Uint8Array {
    this.requests += 1
    const failing = this.failures.shift()
    if (failing !== undefined && !failing.after) throw failing.failure
    const reply = this.#answer(device, body)
    if (failing !== undefined) throw failing.failure
    return reply
  }

  #answer(device: string, body: Uint8Array): Uint8Array {
    const [payload] = decode(body) as [Uint8Array, Uint8Array]
    const request = decode(payload) as CborMap
    const restored = request.get(1) !== 0 && request.get(1) !== this.epoch
    const results = (request.get(4) as CborMap[]).map((offer) => this.#take(device, offer))
    const cursor = restored ? 0 : (request.get(2) as number)
    const deliveries = new Map<string, { kind: string; changes: Uint8Array[] }>()
    for (const { document, kind, change, from } of this.log.slice(cursor)) {
      if (from === device && !restored) continue
      const delivery = deliveries.get(document) ?? { kind, changes: [] }
      delivery.changes.push(change)
      deliveries.set(document, delivery)
    }
    return encode(
      new Map<number, Cbor>([
        [0, this.epoch],
        [1, this.log.length],
        [2, false],
        [3, results],
        [
          4,
          [...deliveries].map(
            ([document, { kind, changes }]) =>
              new Map<number, Cbor>([
                [0, bytesOf(document)],
                [1, kind],
                [2, null],
                [3, changes],
              ]),
          ),
        ],
        [5, this.purged.map(bytesOf)],
        [6, []],
        [7, null],
        [8, this.now],
      ]),
    )
  }

  #take(device: string, offer: CborMap): Cbor {
    const document = hexOf(offer.get(0) as Uint8Array)
    const changes = offer.get(3) as Uint8Array[]
    const refusal = this.refusals.get(document)
    if (refusal === undefined) {
      for (const change of changes) {
        const known = this.log.some((entry) => hexOf(entry.change) === hexOf(change))
        if (!known) this.log.push({ document, kind: offer.get(1) as string, change, from: device })
      }
    }
    return new Map<number, Cbor>([
      [0, offer.get(0) as Uint8Array],
      [1, refusal === undefined ? changes.length : 0],
      [
        2,
        refusal === undefined
          ? null
          : new Map<number, Cbor>([
              [0, refusal],
              [1, 'refused by the test'],
            ]),
      ],
    ])
  }
}
