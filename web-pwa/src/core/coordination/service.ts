/** What a desk does besides reading figures: takes over alerts, handles feedback. */

import type * as api from '../shared/generated/api.ts'
import type { DocumentId, Outcome, RecordId } from '../shared/model.ts'

export type DeskAlert = api.AlertEntry
/** Alerts, those that nobody has heard first, and how many those are. */
export type DeskAlerts = Omit<api.Alerts, 'more'>
/** What somebody proposes for a place that only a coordinator may change so. */
export type DeskProposal = api.ProposalEntry
export type ProposalDecision = api.Decision
export type DeskFeedback = api.View

/** What became of a key that was announced. */
export interface Announced {
  /** The fingerprint that stands now. */
  stands: string
  /** Whether the announced one takes its place once a second person confirms it. */
  waits: boolean
}

/** The server's routes for it. */
export interface ServiceApi {
  putTeamKey(fingerprint: string, replace: boolean): Promise<Announced>
  alerts(): Promise<DeskAlerts>
  acknowledge(alert: DocumentId, note: string, outcome: Outcome | null): Promise<void>
  feedback(): Promise<DeskFeedback[]>
  proposals(): Promise<DeskProposal[]>
  decide(place: DocumentId, proposal: RecordId, decision: ProposalDecision): Promise<void>
  handle(feedback: DocumentId, step: api.StepRequest): Promise<void>
}
