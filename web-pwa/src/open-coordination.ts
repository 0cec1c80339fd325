import { CoordinationSession } from '$core/coordination/session.ts'
import type { Identity } from '$core/shared/member.ts'
import { coordinationApi } from '$platform/coordination-api.ts'
import {
  aboutInvitation,
  enrolPhone,
  invitationInAddress,
  leaveInvitation,
} from '$platform/enrol.ts'
import { readIdentity } from '$platform/identity.ts'
import { signedOut } from '$platform/marker.ts'
import { deviceLabel } from '$platform/page.ts'
import { IndexedDbStore } from '$platform/store.ts'
import { browserDeskKeys } from '$platform/team-key.ts'
import { watchUpdates } from '$platform/update.ts'
import { browserLocker } from '$platform/lock/index.ts'
import { openVault } from '$platform/lock/vault.ts'
import { environment } from '$platform/environment.ts'

/** How long a tab of the field's face that is open gets to hand over the key. */
const MEET_MS = 250

/** Reads who this browser is. Where that is locked, the lock screen is the field's: it is shown instead. */
async function identityHere(): Promise<{ identity: Identity | null; erased: boolean }> {
  const stored = await readIdentity()
  if (!stored.sealed) return stored
  const locker = browserLocker()
  const opened = new Promise<Identity | null>((resolve) => {
    setTimeout(() => resolve(null), MEET_MS)
    locker.listen((message) => {
      if (message.type === 'unlocked') resolve(locker.identity(message.key))
    })
  })
  locker.post({ type: 'ask' })
  const identity = await opened
  if (identity === null) location.assign('/')
  return { identity, erased: stored.erased }
}

/** Opens the desk's session, which starts by itself. */
export function openCoordination(): CoordinationSession {
  const session = new CoordinationSession({
    readIdentity: identityHere,
    enrolPhone,
    invitationInAddress,
    leaveInvitation,
    aboutInvitation,
    defaultLabel: deviceLabel,
    apiOf: (identity) => coordinationApi(identity.token),
    forget: () => new IndexedDbStore(openVault).erase('revoked'),
    keys: browserDeskKeys(),
    signedOut,
    onOnline: (listener) => addEventListener('online', listener),
    applyUpdate: () => updates.apply(),
    now: environment.now,
    after: environment.after,
  })
  const updates = watchUpdates({
    ready: () => session.updateReady(),
    // The desk reads the server, and is nothing without a network.
    installed: () => undefined,
  })
  addEventListener('hashchange', () => void session.invited())
  void session.start()
  return session
}
