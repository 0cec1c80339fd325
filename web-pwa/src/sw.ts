/// <reference lib="webworker" />
/** The service worker: keeps every file of one version of the app, and never the API. */

import {
  cleanupOutdatedCaches,
  createHandlerBoundToURL,
  precacheAndRoute,
} from 'workbox-precaching'
import { NavigationRoute, registerRoute } from 'workbox-routing'
import { SEND, sendEnvelope } from './platform/outbox.ts'

declare const self: ServiceWorkerGlobalScope & {
  __WB_MANIFEST: { url: string; revision: string | null }[]
}

precacheAndRoute(self.__WB_MANIFEST)
cleanupOutdatedCaches()
registerRoute(
  new NavigationRoute(createHandlerBoundToURL('/index.html'), {
    denylist: [/^\/api\//, /^\/healthz$/, /^\/readyz$/],
  }),
)

/** The event of Background Sync, which TypeScript's library does not have. */
interface SyncEvent extends ExtendableEvent {
  tag: string
}

// The network is back, and maybe no page is open: what lies sealed can go.
self.addEventListener('sync' as 'fetch', (event: ExtendableEvent) => {
  if ((event as SyncEvent).tag === SEND) event.waitUntil(sendEnvelope())
})

// A new version waits until a worker is between visits and says yes.
self.addEventListener('message', (event) => {
  const data: unknown = event.data
  if (typeof data === 'object' && data !== null && 'type' in data && data.type === 'SKIP_WAITING') {
    void self.skipWaiting()
  }
})
