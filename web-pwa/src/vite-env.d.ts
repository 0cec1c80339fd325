/// <reference types="vite/client" />
/// <reference types="vite-plugin-pwa/vanillajs" />

interface ImportMetaEnv {
  /** The day this program was built, milliseconds since 1970. */
  readonly BUILT: number
}
