/** The service worker: offline start, and new versions that wait until they are asked for. */

/** How often to look for a new version while the app stays open. */
const LOOK_MS = 3_600_000

export interface Updates {
  /** Reloads every tab into the version that waits. */
  apply(): Promise<void>
}

export interface Watchers {
  /** A new version waits. */
  ready(): void
  /** The app lies on this device and opens without a network (`true`), or could not be put there. */
  installed(here: boolean): void
}

/** Registers the service worker, and tells what becomes of it. */
export function watchUpdates({ ready, installed }: Watchers): Updates {
  if (!('serviceWorker' in navigator) || import.meta.env.DEV) {
    // A browser that has no service workers is told so at the start.
    installed(true)
    return { apply: async () => location.reload() }
  }
  const workers = navigator.serviceWorker
  // The first worker of a new visitor takes over too; there is nothing to reload then.
  let controlled = workers.controller !== null
  void workers.ready.then(() => installed(true))
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
      const follow = (): void => {
        const worker = registration.installing
        worker?.addEventListener('statechange', () => {
          look()
          // A file of the first version did not arrive, or there is no room for it.
          if (worker.state === 'redundant' && registration.active === null) installed(false)
        })
      }
      follow()
      registration.addEventListener('updatefound', follow)
      setInterval(() => void registration.update().catch(() => undefined), LOOK_MS)
      return registration
    })
    // Without a service worker the app works as long as there is a network.
    .catch(() => {
      if (workers.controller === null) installed(false)
      return null
    })

  return {
    async apply() {
      const registration = await registered
      if (registration?.waiting) registration.waiting.postMessage({ type: 'SKIP_WAITING' })
      else location.reload()
    },
  }
}
