/** Views and complaints, and what was done about them. */

import type { StepRequest, View } from '../../shared/generated/api.ts'
import type { DocumentId } from '../../shared/model.ts'
import type { Listed } from '../api.ts'
import { Reading } from '../reading.ts'
import type { CoordinationSession } from '../session.ts'

export class FeedbackStore extends Reading<Listed<View>> {
  readonly #session: CoordinationSession

  constructor(session: CoordinationSession) {
    super(session, (api) => api.feedback())
    this.#session = session
  }

  /** Notes what was done about a view or a complaint. */
  async handle(feedback: DocumentId, step: StepRequest): Promise<void> {
    await this.#session.ask((api) => api.handle(feedback, step))
    await this.refresh()
  }
}
