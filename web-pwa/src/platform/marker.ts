/**
 * A mark, kept apart from what is recorded, that this phone was enrolled: when
 * the browser has thrown the storage away, the app can say so instead of
 * beginning as if nothing had been.
 */

const KEY = 'lagesbild.enrolled'

export const marker = {
  set(): void {
    try {
      localStorage.setItem(KEY, '1')
    } catch {
      // Without the mark the app still works; it only cannot tell.
    }
  },
  clear(): void {
    try {
      localStorage.removeItem(KEY)
    } catch {
      // Without storage there is no mark to clear.
    }
  },
  isSet(): boolean {
    try {
      return localStorage.getItem(KEY) !== null
    } catch {
      return false
    }
  },
}
