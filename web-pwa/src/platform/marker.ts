/** Marks that the browser keeps apart from what is recorded. */

import type { Mark } from '$core/coordination/session.ts'

/** Returns the mark that is kept under `key`. */
const mark = (key: string): Mark => ({
  set(): void {
    try {
      localStorage.setItem(key, '1')
    } catch {
      // Without the mark the app still works; it only cannot tell.
    }
  },
  clear(): void {
    try {
      localStorage.removeItem(key)
    } catch {
      // Without storage there is no mark to clear.
    }
  },
  isSet(): boolean {
    try {
      return localStorage.getItem(key) !== null
    } catch {
      return false
    }
  },
})

/**
 * That this phone was enrolled: when the browser has thrown the storage away, the app can say so
 * instead of beginning as if nothing had been.
 */
export const marker = mark('lagesbild.enrolled')

/** That somebody signed out of the desk: a reload does not sign in by itself. */
export const signedOut = mark('lagesbild.signed-out')
