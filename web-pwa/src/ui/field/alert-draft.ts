import type { Call, DocumentId, Need } from '$core/shared/model.ts'
import type { Elsewhere } from '../places/elsewhere.ts'

/** A call that was begun from the card: who, when, and, once it is said, who answered. */
export interface DraftCall extends Omit<Call, 'withdrawn'> {
  /** The name on the card, for numbers that the closed list has no code for. */
  name: string
}

/** An alert as it is being filled in. Plain JSON, so that it outlives the tab that the call hides. */
export interface AlertDraft {
  category: Need | ''
  place: DocumentId | Elsewhere | ''
  note: string
  calls: DraftCall[]
}

/** Where the draft is kept. */
export const ALERT_DRAFT = 'alert'

export const emptyAlert = (): AlertDraft => ({ category: '', place: '', note: '', calls: [] })
