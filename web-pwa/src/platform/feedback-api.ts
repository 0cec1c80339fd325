/** The public routes that the feedback page uses. No token, no cookie. */

import type { Handling, Language, OrganisationId } from '$core/shared/model.ts'
import { callJson, posting } from './http.ts'

const without = { credentials: 'omit' } as const

export async function organisations(): Promise<{ id: OrganisationId; name: string }[]> {
  const answer = await callJson<{ organisations: { id: OrganisationId; name: string }[] }>(
    '/api/v1/public/organisations',
    without,
  )
  return answer.organisations
}

/** Gives the receipt with which the answer can be read. */
export async function leave(code: string, text: string, language: Language): Promise<string> {
  const answer = await callJson<{ receipt: string }>('/api/v1/public/feedback', {
    ...posting({ code, text, language }),
    ...without,
  })
  return answer.receipt
}

export function answerTo(receipt: string): Promise<{ handling: Handling | null; reply: string }> {
  return callJson(`/api/v1/public/feedback/${encodeURIComponent(receipt)}`, without)
}
