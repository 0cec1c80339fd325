/** The public routes that the feedback page uses. No token, no cookie. */

import type {
  FeedbackAnswer,
  FeedbackReceipt,
  FeedbackRequest,
  Organisation,
  Organisations,
} from '$core/shared/generated/api.ts'
import { callJson, posting } from './http.ts'

const without = { credentials: 'omit' } as const

export async function organisations(): Promise<Organisation[]> {
  return (await callJson<Organisations>('/api/v1/public/organisations', without)).organisations
}

/** Gives the receipt with which the answer can be read. */
export async function leave(view: FeedbackRequest): Promise<string> {
  const answer = await callJson<FeedbackReceipt>('/api/v1/public/feedback', {
    ...posting(view),
    ...without,
  })
  return answer.receipt
}

export function answerTo(receipt: string): Promise<FeedbackAnswer> {
  return callJson(`/api/v1/public/feedback/${encodeURIComponent(receipt)}`, without)
}
