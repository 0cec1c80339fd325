/** Facts of the browser around the page. */

import type { Notice } from '$core/outreach/engine/api.ts'
import type { StorageState } from '$core/outreach/field-core.ts'

/** Tells of the network and of the page being looked at. */
export function onNotice(listener: (notice: Notice) => void): void {
  addEventListener('online', () => listener('online'))
  addEventListener('offline', () => listener('offline'))
  document.addEventListener('visibilitychange', () => {
    listener(document.visibilityState === 'visible' ? 'visible' : 'hidden')
  })
}

export async function storageState(): Promise<StorageState> {
  const storage: StorageManager | undefined = navigator.storage
  const [persisted, estimate] = await Promise.all([
    storage?.persisted?.().catch(() => null),
    storage?.estimate?.().catch(() => null),
  ])
  return {
    persisted: persisted ?? null,
    used: estimate?.usage ?? null,
    quota: estimate?.quota ?? null,
  }
}

/** Asks the browser to keep what is stored; some ask the person. */
export async function persist(): Promise<boolean> {
  return (await navigator.storage?.persist?.().catch(() => false)) ?? false
}

/** Returns what kind of phone this is, in a word, for the coordinator's list of devices. */
export function deviceLabel(): string {
  const agent = navigator.userAgent
  const kinds = ['iPhone', 'iPad', 'Android', 'Windows', 'Macintosh', 'Linux']
  return kinds.find((kind) => agent.includes(kind)) ?? 'Webbläsare'
}
