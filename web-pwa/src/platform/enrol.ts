/** Uses an invitation: the phone becomes a member's. */

import type { Enrolled, EnrolRequest } from '$core/shared/generated/api.ts'
import type { Identity } from '$core/shared/member.ts'
import { callJson, posting } from './http.ts'
import { keysFor, proofOf, writeIdentity } from './identity.ts'

/** Rejects with `code_unknown`, `code_used`, `code_expired`, or why the server could not be reached. */
export async function enrolPhone(code: string, label: string): Promise<Identity> {
  const { keys, publicKey } = await keysFor(code)
  const proof = await proofOf(keys, code)
  const request: EnrolRequest = { code, public_key: publicKey, proof, label }
  const answer = await callJson<Enrolled>('/api/v1/enrol', posting(request))
  const { device, token, role, organisation } = answer
  const identity: Identity = { device, token, role, organisation, label, keys }
  await writeIdentity(identity)
  return identity
}

/** Returns the invitation in the address bar, if there is one; it is taken out of there, since it is a secret. */
export function invitationInAddress(): string | null {
  const code = new URLSearchParams(location.hash.slice(1)).get('enrol')
  if (code === null || code === '') return null
  history.replaceState(history.state, '', location.pathname + location.search)
  return code
}
