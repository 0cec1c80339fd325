/** The service worker: offline start, and new versions that wait until they are asked for. */

/** How often to look for a new version while the app stays open. */
const LOOK_MS = 3_600_000

export interface Updates {
  /** Reloads every tab into the version that waits. */
  apply(): Promise<void>
}

/** Registers the service worker; `ready` is called when a new version waits. */
export function watchUpdates(ready: () => void): Updates {
  if (!('serviceWorker' in navigator) || import.meta.env.DEV) {
    return { apply: async () => location.reload() }
  }
  const workers = navigator.serviceWorker
  // The first worker of a new visitor takes over too; there is nothing to reload then.
  let controlled = workers.controller !== null
  workers.addEventListener('controllerchange', () => {
    if (controlled) location.reload()
    controlled = true
  })

  const registered = workers
    .register('/sw.js', { updateViaCache: 'none' })
    .then((registration) => {
      const look = (): void => {
        if (registration.waiting !== null && workers.controller !== null) ready()
      }
      look()
      registration.addEventListener('updatefound', () => {
        registration.installing?.addEventListener('statechange', look)
      })
      setInterval(() => void registration.update().catch(() => undefined), LOOK_MS)
      return registration
    })
    // Without a service worker the app works as long as there is a network.
    .catch(() => null)

  return {
    async apply() {
      const registration = await registered
      if (registration?.waiting) registration.waiting.postMessage({ type: 'SKIP_WAITING' })
      else location.reload()
    },
  }
}
