import { FieldClient } from '$core/outreach/client/client.ts'
import type { FieldCore } from '$core/outreach/field-core.ts'
import {
  aboutInvitation,
  enrolPhone,
  invitationInAddress,
  leaveInvitation,
} from '$platform/enrol.ts'
import { teamKeyInAddress } from '$platform/fragment.ts'
import { lacking } from '$platform/features.ts'
import { readIdentity } from '$platform/identity.ts'
import { marker } from '$platform/marker.ts'
import { deviceLabel, onNotice, persist, storageState } from '$platform/page.ts'
import { currentPosition } from '$platform/position.ts'
import { browserLocker } from '$platform/lock/index.ts'
import { browserTabs } from '$platform/tabs.ts'
import { onTouch } from '$platform/touch.ts'
import { watchUpdates } from '$platform/update.ts'
import { environment } from '$platform/environment.ts'
import { arrived } from '$ui/team-key.svelte.ts'

/** Starts the field core of this tab. */
export function openFieldCore(): FieldCore {
  const client = new FieldClient({
    tabs: browserTabs(),
    locker: browserLocker(),
    lacking,
    readIdentity,
    enrolPhone,
    invitationInAddress,
    leaveInvitation,
    aboutInvitation,
    defaultLabel: deviceLabel,
    locate: currentPosition,
    storageState,
    persist,
    onNotice,
    marker,
    online: () => navigator.onLine,
    visible: () => document.visibilityState === 'visible',
    onTouch,
    id: () => environment.hex(8),
    now: environment.now,
    after: environment.after,
    applyUpdate: () => updates.apply(),
  })
  const updates = watchUpdates({
    ready: () => client.updateReady(),
    installed: (here) => client.installed(here),
  })
  // Before the invitation is read, which empties the fragment.
  const takeKey = () => {
    arrived.key = teamKeyInAddress() ?? arrived.key
  }
  takeKey()
  addEventListener('hashchange', () => {
    takeKey()
    void client.invited()
  })
  void client.start()
  return client
}
