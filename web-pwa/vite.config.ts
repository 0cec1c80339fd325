import { fileURLToPath } from 'node:url'
import { svelte } from '@sveltejs/vite-plugin-svelte'
import { defineConfig } from 'vite'
import type { ChunkingContext } from 'rolldown'
import { VitePWA } from 'vite-plugin-pwa'

const source = (path: string) => fileURLToPath(new URL(`./src/${path}`, import.meta.url))

/** `--mode screens` builds the development page: every screen over a made-up city. */
const SCREENS = 'screens'

/**
 * What several later pages share about passphrases and keys, in one file: the
 * first page names each file that they need, and has no room for more names.
 */
const KEYS =
  /src\/(core\/shared\/(resighting|backoff|passphrase)|platform\/(team-key|lock\/kdf)|ui\/(lock\/(passphrase-field|secure|words)|parts\/check))\./

/**
 * Returns whether the app imports a module at once, be it by way of others. All of these lie in
 * one file: each by itself takes a request and packs worse.
 */
function comesFirst(id: string, context: ChunkingContext): boolean {
  const passed = new Set<string>()
  const reached = (by: string): boolean => {
    if (passed.has(by)) return false
    passed.add(by)
    const module = context.getModuleInfo(by)
    return module !== null && (module.isEntry || module.importers.some(reached))
  }
  return context.getModuleInfo(id)?.isEntry === false && reached(id)
}

/** The day of the build: a clock that shows an earlier one is wrong. */
const DAY = 86_400_000
const seconds = process.env['SOURCE_DATE_EPOCH']
const BUILT = Math.floor((seconds ? Number(seconds) * 1000 : Date.now()) / DAY) * DAY

/** The server that `npm run dev` passes API calls on to. */
const server = process.env['LAGESBILD_SERVER'] ?? 'http://127.0.0.1:8080'

export default defineConfig(({ mode }) => ({
  define: { 'import.meta.env.BUILT': BUILT },
  resolve: {
    alias: {
      $core: source('core'),
      $platform: source('platform'),
      $ui: source('ui'),
      $i18n: source('i18n'),
    },
  },
  plugins: [
    svelte(),
    mode !== SCREENS &&
      VitePWA({
        strategies: 'injectManifest',
        srcDir: 'src',
        filename: 'sw.ts',
        registerType: 'prompt',
        injectRegister: false,
        // The manifest is a plain file in public/, so that it needs no generated code.
        manifest: false,
        injectManifest: {
          globPatterns: ['**/*.{js,css,html,wasm,svg,png,webmanifest,woff2}'],
          // Workbox leaves out files over 2 MiB unless told; the wasm core must not be left out.
          maximumFileSizeToCacheInBytes: 16 * 1024 * 1024,
          manifestTransforms: [
            (manifest) => {
              for (const needed of [/^index\.html$/, /\.wasm$/, /worker-.*\.js$/]) {
                if (!manifest.some(({ url }) => needed.test(url))) {
                  throw new Error(`the app would not start offline: ${needed} is not precached`)
                }
              }
              return { manifest, warnings: [] }
            },
          ],
        },
      }),
  ],
  worker: { format: 'es' },
  build: {
    rolldownOptions: {
      ...(mode === SCREENS && { input: 'dev.html' }),
      output: {
        codeSplitting: {
          groups: [
            { name: 'keys', test: KEYS },
            {
              // The development page has one entry that imports all there is.
              name: (id, context) => (mode !== SCREENS && comesFirst(id, context) ? 'first' : null),
              debugName: 'first',
            },
          ],
          // Else what every page needs would be drawn into it.
          includeDependenciesRecursively: false,
        },
      },
    },
    target: ['es2022', 'safari16.4', 'chrome111', 'firefox114'],
    // Inlined assets would be data: URLs, which the content security policy refuses for scripts.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    sourcemap: false,
    reportCompressedSize: true,
  },
  server: { proxy: { '/api': { target: server, changeOrigin: false } } },
  preview: { proxy: { '/api': { target: server, changeOrigin: false } } },
}))
