import type { Environment } from '$core/outreach/ports.ts'

/** The browser's clock, random numbers and timers. */
export const environment: Environment = {
  now: () => Date.now(),
  counting: () => performance.now(),
  hex(bytes) {
    const drawn = crypto.getRandomValues(new Uint8Array(bytes))
    return Array.from(drawn, (byte) => byte.toString(16).padStart(2, '0')).join('')
  },
  random: () => Math.random(),
  after(ms, call) {
    const timer = setTimeout(call, ms)
    return () => clearTimeout(timer)
  },
  soon: (call) => void setTimeout(call),
}
