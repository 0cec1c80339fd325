/**
 * What the core may use of its runtime: the part of the minimum common web API that it needs,
 * which browsers, workers and servers have alike. No document, no window, no storage, no network.
 * `tsconfig.core.json` checks the core against this instead of the DOM's types.
 */

declare function atob(text: string): string
declare function btoa(text: string): string
declare function queueMicrotask(call: () => void): void

declare namespace WebAssembly {
  class RuntimeError extends Error {}
}

declare class TextEncoder {
  encode(text: string): Uint8Array<ArrayBuffer>
}

/** A key as the core passes it on: what is in it stays in the browser. */
interface CryptoKey {
  readonly extractable: boolean
}

interface CryptoKeyPair {
  privateKey: CryptoKey
  publicKey: CryptoKey
}

declare const crypto: {
  readonly subtle: {
    importKey(
      format: 'raw',
      key: Uint8Array<ArrayBuffer>,
      algorithm: { name: 'HMAC'; hash: 'SHA-256' },
      extractable: boolean,
      uses: readonly 'sign'[],
    ): Promise<CryptoKey>
    sign(algorithm: 'HMAC', key: CryptoKey, data: Uint8Array<ArrayBuffer>): Promise<ArrayBuffer>
  }
}
