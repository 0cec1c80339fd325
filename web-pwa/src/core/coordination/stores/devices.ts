/** Who is connected. */

import type { OrganisationId, Role } from '../../shared/model.ts'
import type { DeviceRow, Invitation } from '../api.ts'
import { Reading } from '../reading.ts'
import type { CoordinationSession } from '../session.ts'

export class DevicesStore extends Reading<DeviceRow[]> {
  readonly #session: CoordinationSession

  constructor(session: CoordinationSession) {
    super(session, (api) => api.devices())
    this.#session = session
  }

  /** Makes a link that connects one device, once. */
  invite(role: Role, organisation: OrganisationId, label: string): Promise<Invitation> {
    return this.#session.ask((api) => api.invite(role, organisation, label))
  }

  /** Disconnects a device that was lost. */
  async revoke(device: string): Promise<void> {
    await this.#session.ask((api) => api.revoke(device))
    await this.refresh()
  }
}
