/** Acute needs, for whoever takes over. */

import type { DocumentId, Outcome } from '../../shared/model.ts'
import type { DeskAlerts } from '../api.ts'
import { Reading } from '../reading.ts'
import type { CoordinationSession } from '../session.ts'

export class AlertsStore extends Reading<DeskAlerts> {
  readonly #session: CoordinationSession

  constructor(session: CoordinationSession) {
    super(session, (api) => api.alerts())
    this.#session = session
  }

  /** Tells the worker that a person has the alert; an outcome closes it. */
  async acknowledge(alert: DocumentId, note: string, outcome: Outcome | null): Promise<void> {
    await this.#session.ask((api) => api.acknowledge(alert, note, outcome))
    await this.refresh()
  }
}
