import { CoordinationClient } from '$core/coordination/client.ts'
import type { CoordinationCore } from '$core/coordination-core.ts'
import { coordinationApi } from '$platform/coordination-api.ts'
import { enrolPhone, invitationInAddress } from '$platform/enrol.ts'
import { readIdentity } from '$platform/identity.ts'
import { deviceLabel } from '$platform/page.ts'
import { IndexedDbStore } from '$platform/store.ts'
import { watchUpdates } from '$platform/update.ts'
import { openVault } from '$platform/vault.ts'
import { world } from '$platform/world.ts'

/** The coordination face's core, starting. */
export function openCoordinationCore(): CoordinationCore {
  const client = new CoordinationClient({
    readIdentity,
    enrolPhone,
    invitationInAddress,
    defaultLabel: deviceLabel,
    apiOf: (identity) => coordinationApi(identity.token),
    forget: () => new IndexedDbStore(openVault).erase('revoked'),
    onOnline: (listener) => addEventListener('online', listener),
    applyUpdate: () => updates.apply(),
    now: world.now,
    after: world.after,
  })
  const updates = watchUpdates(() => client.updateReady())
  void client.start()
  return client
}
