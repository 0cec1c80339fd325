/** This browser's lock. What it does is in a file of its own, which the first page does not wait for. */

import { LOCK_CHANNEL, type Locker, type LockMessage } from '$core/outreach/lock/port.ts'
import type { LockWork } from './locker.ts'

export function browserLocker(): Locker {
  const channel = new BroadcastChannel(LOCK_CHANNEL)
  let loading: Promise<LockWork> | null = null
  const work = (): Promise<LockWork> =>
    (loading ??= import('./locker.ts').then(({ lockWork }) => lockWork()))
  return {
    warm() {
      // What fails here is told by the first call that needs it.
      work().catch(() => (loading = null))
    },
    state: async () => (await work()).state(),
    setUp: async (passphrase) => (await work()).setUp(passphrase),
    open: async (passphrase) => (await work()).open(passphrase),
    openByPasskey: async () => (await work()).openByPasskey(),
    canPasskey: async () => (await work()).canPasskey(),
    addPasskey: async (passphrase) => (await work()).addPasskey(passphrase),
    removePasskey: async () => (await work()).removePasskey(),
    change: async (from, to) => (await work()).change(from, to),
    identity: async (key) => (await work()).identity(key),
    erase: async () => (await work()).erase(),
    post: (message) => channel.postMessage(message),
    listen(listener) {
      channel.addEventListener('message', ({ data }: MessageEvent<LockMessage>) => listener(data))
    },
  }
}
