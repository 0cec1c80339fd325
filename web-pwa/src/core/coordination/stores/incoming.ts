/** What came in lately: when, from whom, how much; never what it holds. */

import type { IncomingLine } from '../../shared/generated/api.ts'
import { Reading } from '../reading.ts'
import type { CoordinationSession } from '../session.ts'

const ROWS = 50

export class IncomingStore extends Reading<IncomingLine[]> {
  constructor(session: CoordinationSession) {
    super(session, (api) => api.incoming(ROWS))
  }
}
