/** Who did what with one document. */

import type { HistoryEntry } from '../../shared/generated/api.ts'
import type { DocumentId } from '../../shared/model.ts'
import type { Listed } from '../api.ts'
import { Reading } from '../reading.ts'
import type { CoordinationSession } from '../session.ts'

/** The newest first, as far back as somebody has asked. */
export class HistoryStore extends Reading<Listed<HistoryEntry>> {
  #pages: number

  constructor(session: CoordinationSession, document: DocumentId) {
    super(session, async (api) => {
      const read = await api.history(document, 0)
      for (let page = 1; page < this.#pages; page += 1) {
        // oxlint-disable-next-line no-await-in-loop -- each goes on where the one before ended
        read.rows.push(...(await api.history(document, read.rows.length)).rows)
      }
      return read
    })
    this.#pages = 1
  }

  /** Reads a page further back. */
  async older(): Promise<void> {
    this.#pages += 1
    await this.refresh()
  }
}
