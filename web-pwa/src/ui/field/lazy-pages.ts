import { i18n } from '$i18n/i18n.svelte.ts'
import type { Bundle } from '$i18n/languages.ts'

/** Gives pages once the texts that they show are there as well. */
async function withTexts<T>(bundle: Bundle, pages: Promise<T>): Promise<T> {
  const [shown] = await Promise.all([pages, i18n.need(bundle)])
  return shown
}

/** Loads the lock's pages. */
export const lockPages = () => withTexts('lock', import('../lock/lazy-lock-pages.ts'))

/** Loads the pages where things are recorded, looked up and set. */
export const recordPages = () => withTexts('records', import('./lazy-record-pages.ts'))

/** Loads the pages that are shown to the people who are met. */
export const visitorPages = () => withTexts('visitors', import('./lazy-visitor-pages.ts'))

/** Becoming somebody's phone. */
export const enrolPages = () => import('./lazy-enrol-pages.ts')
