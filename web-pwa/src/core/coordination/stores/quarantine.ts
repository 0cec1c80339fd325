/** Changes that the server refused, and why. */

import type { QuarantineEntry } from '../../shared/generated/api.ts'
import type { Listed } from '../api.ts'
import { Reading } from '../reading.ts'
import type { CoordinationSession } from '../session.ts'

export class QuarantineStore extends Reading<Listed<QuarantineEntry>> {
  readonly #session: CoordinationSession

  constructor(session: CoordinationSession) {
    super(session, (api) => api.quarantine())
    this.#session = session
  }

  /** Lets a refused change in after all, or throws it away. Rejects with `still_refused`. */
  async decide(id: number, what: 'release' | 'discard'): Promise<void> {
    await this.#session.ask((api) => api.settleQuarantined(id, what))
    await this.refresh()
  }
}
