import { codes } from './codes.ts'
import { common } from './common.ts'
import { enrol } from './enrol.ts'
import { failure } from './failure.ts'
import { gate } from './gate.ts'
import { home } from './home.ts'
import { notices } from './notices.ts'
import { state } from './state.ts'
import { urgent } from './urgent.ts'
import { visitRow } from './visit-row.ts'

/** Swedish: what the first page says, and the rest by the pages that need it. */
export const sv = {
  start: { codes, common, enrol, failure, gate, home, notices, state, urgent, visitRow },
  bundles: {
    lock: () => import('./lock.ts'),
    records: () => import('./bundles/records.ts'),
    visitors: () => import('./bundles/visitors.ts'),
    desk: () => import('./bundles/desk.ts'),
    method: () => import('./method.ts'),
  },
}

/** The type of every language: the same keys. */
export type LanguageTexts = typeof sv
