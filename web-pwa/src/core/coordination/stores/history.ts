/** Who did what with one document. */

import type { HistoryEntry } from '../../shared/generated/api.ts'
import type { DocumentId } from '../../shared/model.ts'
import { Reading } from '../reading.ts'
import type { CoordinationSession } from '../session.ts'

export class HistoryStore extends Reading<HistoryEntry[]> {
  constructor(session: CoordinationSession, document: DocumentId) {
    super(session, (api) => api.history(document))
  }
}
