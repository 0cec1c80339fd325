/** The present period's draw. */

import type { Draw } from '../../shared/generated/api.ts'
import { Reading } from '../reading.ts'
import type { CoordinationSession } from '../session.ts'

export class DrawStore extends Reading<Draw> {
  readonly #session: CoordinationSession

  constructor(session: CoordinationSession) {
    super(session, (api) => api.draw())
    this.#session = session
  }

  /** Draws places for the present period. Rejects with `already_drawn`. */
  async draw(count: number): Promise<void> {
    this.set(await this.#session.ask((api) => api.drawPlaces(count)))
  }
}
