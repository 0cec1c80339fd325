/** Uses an invitation: the phone becomes a member's. */

import type { Enrolled, EnrolRequest, InvitationAbout } from '$core/shared/generated/api.ts'
import { asFailure } from '$core/shared/failure.ts'
import { FINAL } from '$core/shared/invitation.ts'
import type { Identity } from '$core/shared/member.ts'
import { callJson, posting } from './http.ts'
import { forgetKeys, hasBegun, keysFor, proofOf, writeIdentity } from './identity.ts'

/** Rejects with `code_unknown`, `code_used`, `code_expired`, or why the server could not be reached. */
export async function enrolPhone(code: string, label: string): Promise<Identity> {
  const { keys, publicKey } = await keysFor(code)
  const proof = await proofOf(keys, code)
  const request: EnrolRequest = { code, public_key: publicKey, proof, label }
  const answer = await callJson<Enrolled>('/api/v1/enrol', posting(request)).catch(
    async (error: unknown) => {
      // Nobody waits for this answer any more: it was no.
      if (FINAL.has(asFailure(error).code)) await forgetKeys()
      throw error
    },
  )
  const { device, token, role, organisation } = answer
  const identity: Identity = { device, token, role, organisation, label, keys }
  await writeIdentity(identity)
  return identity
}

/** Asks what an invitation is for; `null` when it is used, and this browser is who began to use it. */
export async function aboutInvitation(code: string): Promise<InvitationAbout | null> {
  try {
    return await callJson<InvitationAbout>('/api/v1/invitation', posting({ code }))
  } catch (error) {
    if (asFailure(error).code === 'code_used' && (await hasBegun(code))) return null
    throw error
  }
}

/** Returns the invitation in the address bar, if there is one. */
export function invitationInAddress(): string | null {
  const code = new URLSearchParams(location.hash.slice(1)).get('enrol')
  return code === '' ? null : code
}

/** Takes the invitation out of the address bar: it is a secret, and has done its work. */
export function leaveInvitation(): void {
  if (invitationInAddress() === null) return
  history.replaceState(history.state, '', location.pathname + location.search)
}
