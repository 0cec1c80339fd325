/** What others propose for places. */

import type { Decision, ProposalEntry } from '../../shared/generated/api.ts'
import type { Listed } from '../api.ts'
import { Reading } from '../reading.ts'
import type { CoordinationSession } from '../session.ts'

export class ProposalsStore extends Reading<Listed<ProposalEntry>> {
  readonly #session: CoordinationSession

  constructor(session: CoordinationSession) {
    super(session, (api) => api.proposals())
    this.#session = session
  }

  /** Does what is proposed for a place, or not. */
  async decide({ place, proposal }: ProposalEntry, decision: Decision): Promise<void> {
    await this.#session.ask((api) => api.decide(place, proposal, decision))
    await this.refresh()
  }
}
