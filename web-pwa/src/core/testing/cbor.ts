/** The part of CBOR (RFC 8949) that the sync protocol uses, for tests: integers, bytes, text, arrays, maps with integer keys, booleans, null. */

export type Cbor = number | string | boolean | null | Uint8Array | Cbor[] | Map<number, Cbor>

export function encode(value: Cbor): Uint8Array {
  const out: number[] = []
  write(value, out)
  return new Uint8Array(out)
}

function head(major: number, n: number, out: number[]): void {
  const type = major << 5
  if (n < 24) out.push(type | n)
  else if (n < 0x100) out.push(type | 24, n)
  else if (n < 0x10000) out.push(type | 25, n >> 8, n & 0xff)
  else {
    const wide = n >= 0x1_0000_0000
    out.push(type | (wide ? 27 : 26))
    const bytes = wide ? 8 : 4
    for (let i = bytes - 1; i >= 0; i--) out.push(Math.floor(n / 2 ** (8 * i)) % 256)
  }
}

function write(value: Cbor, out: number[]): void {
  if (value === null) out.push(0xf6)
  else if (typeof value === 'boolean') out.push(value ? 0xf5 : 0xf4)
  else if (typeof value === 'number') {
    if (value >= 0) head(0, value, out)
    else head(1, -1 - value, out)
  } else if (typeof value === 'string') {
    const bytes = new TextEncoder().encode(value)
    head(3, bytes.length, out)
    out.push(...bytes)
  } else if (value instanceof Uint8Array) {
    head(2, value.length, out)
    out.push(...value)
  } else if (Array.isArray(value)) {
    head(4, value.length, out)
    for (const item of value) write(item, out)
  } else {
    head(5, value.size, out)
    for (const [key, item] of value) {
      write(key, out)
      write(item, out)
    }
  }
}

export function decode(bytes: Uint8Array): Cbor {
  let at = 0
  const next = (): number => {
    const byte = bytes[at++]
    if (byte === undefined) throw new Error('CBOR ends early')
    return byte
  }
  const length = (info: number): number => {
    if (info < 24) return info
    if (info > 27) throw new Error(`CBOR length ${info}`)
    let n = 0
    for (let i = 0; i < 2 ** (info - 24); i++) n = n * 256 + next()
    return n
  }
  const take = (n: number): Uint8Array => bytes.slice(at, (at += n))
  const read = (): Cbor => {
    const byte = next()
    const [major, info] = [byte >> 5, byte & 31]
    switch (major) {
      case 0:
        return length(info)
      case 1:
        return -1 - length(info)
      case 2:
        return take(length(info))
      case 3:
        return new TextDecoder().decode(take(length(info)))
      case 4:
        return Array.from({ length: length(info) }, read)
      case 5: {
        const entries = Array.from({ length: length(info) }, () => [read(), read()] as const)
        return new Map(entries.map(([key, value]) => [key as number, value]))
      }
      default:
        if (byte === 0xf6) return null
        if (byte === 0xf5 || byte === 0xf4) return byte === 0xf5
        throw new Error(`CBOR byte ${byte}`)
    }
  }
  return read()
}
