import { afterEach, expect, test, vi } from 'vitest'
import { watchUpdates } from './update.ts'

/** A browser's service workers, of which the test says how they fare. */
class Workers extends EventTarget {
  controller: object | null = null
  installing = Object.assign(new EventTarget(), { state: 'installing' })
  registration = Object.assign(new EventTarget(), {
    installing: this.installing,
    waiting: null,
    active: null as object | null,
    update: async () => undefined,
  })
  becomeReady: (registration: unknown) => void = () => undefined
  ready = new Promise((resolve) => (this.becomeReady = resolve))
  register = vi.fn(async () => this.registration)

  become(state: string): void {
    this.installing.state = state
    this.installing.dispatchEvent(new Event('statechange'))
  }
}

function watch(workers: Workers): boolean[] {
  vi.stubEnv('DEV', false)
  vi.stubGlobal('navigator', { serviceWorker: workers })
  vi.useFakeTimers()
  const told: boolean[] = []
  watchUpdates({ ready: () => undefined, installed: (here) => told.push(here) })
  return told
}

afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
  vi.unstubAllEnvs()
})

test('the app is on the phone once its worker is active, and not a moment before', async () => {
  const workers = new Workers()
  const told = watch(workers)
  await vi.advanceTimersByTimeAsync(0)
  workers.become('installed')
  expect(told).toEqual([])
  workers.becomeReady(workers.registration)
  await vi.advanceTimersByTimeAsync(0)
  expect(told).toEqual([true])
})

test('a file that did not arrive is told: the app would not open without a network', async () => {
  const workers = new Workers()
  const told = watch(workers)
  await vi.advanceTimersByTimeAsync(0)
  workers.become('redundant')
  expect(told).toEqual([false])
})

test('a later version that fails takes nothing away', async () => {
  const workers = new Workers()
  const told = watch(workers)
  await vi.advanceTimersByTimeAsync(0)
  workers.registration.active = {}
  workers.become('redundant')
  expect(told).toEqual([])
})

test('without a network at the first start it is told too', async () => {
  const workers = new Workers()
  workers.register.mockRejectedValue(new TypeError('Failed to fetch'))
  const told = watch(workers)
  await vi.advanceTimersByTimeAsync(0)
  expect(told).toEqual([false])
})
