import { fileURLToPath } from 'node:url'
import { svelte } from '@sveltejs/vite-plugin-svelte'
import { defineConfig } from 'vitest/config'

const source = (path: string) => fileURLToPath(new URL(`./src/${path}`, import.meta.url))
const resolve = {
  alias: {
    $core: source('core'),
    $platform: source('platform'),
    $ui: source('ui'),
    $i18n: source('i18n'),
  },
}

export default defineConfig({
  test: {
    projects: [
      {
        resolve,
        // For the runes of `*.svelte.ts`.
        plugins: [svelte()],
        test: {
          name: 'unit',
          environment: 'node',
          include: ['src/**/*.test.ts'],
          exclude: ['src/**/*.wasm.test.ts'],
        },
      },
      // Needs src/wasm, which `cargo xtask wasm` builds.
      {
        resolve,
        test: {
          name: 'wasm',
          environment: 'node',
          include: ['src/**/*.wasm.test.ts'],
          // The core is built for size, and machines that build it are busy.
          testTimeout: 60_000,
        },
      },
    ],
  },
})
