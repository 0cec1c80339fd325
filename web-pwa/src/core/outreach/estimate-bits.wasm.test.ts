/// <reference types="node" />
/**
 * The estimate gives the same bits as wasm in this engine as native code does.
 * `cargo xtask test --only wasm-tests` builds the module with its figures and
 * writes what native code printed.
 */

import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, test } from 'vitest'

const { LAGESBILD_BITS_WASM: directory, LAGESBILD_BITS_NATIVE: native } = process.env

interface Bits {
  default(options: { module_or_path: Uint8Array }): Promise<unknown>
  estimate_bits(cases: string): string
}

test.skipIf(directory === undefined || native === undefined)(
  'native and wasm agree to the last bit',
  async () => {
    const from = directory ?? ''
    const bits = (await import(pathToFileURL(join(from, 'lagesbild_wasm.js')).href)) as Bits
    await bits.default({ module_or_path: await readFile(join(from, 'lagesbild_wasm_bg.wasm')) })
    const cases = new URL('../../../../tests/data/estimate-cases.json', import.meta.url)
    const here = bits.estimate_bits(await readFile(cases, 'utf8')).split('\n')
    const there = (await readFile(native ?? '', 'utf8')).split('\n')
    expect(here.length).toBeGreaterThan(300)
    // Line by line: what differs is named, not buried in a megabyte.
    expect(here.filter((line, n) => line !== there[n]).slice(0, 3)).toEqual([])
    expect(here.length).toBe(there.length)
  },
)
