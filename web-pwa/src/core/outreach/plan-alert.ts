/** Planning what a worker says about an acute need. */

import { Failure } from '../shared/failure.ts'
import type { Intent } from './intents.ts'
import type { Alert, Call, DocumentId, RecordId } from '../shared/model.ts'
import type { Plan, Surroundings } from './planning.ts'

export type AlertIntent = Extract<Intent, { type: 'alert' | 'call' | 'answered' | 'edit_alert' }>

function needAlert(document: DocumentId, around: Surroundings): Alert {
  const found = around.content(document)
  if (found?.kind !== 'alert') throw new Failure('gone', 'no such alert')
  return found.content
}

function edited(
  document: DocumentId,
  record: RecordId | null,
  base: Alert,
  next: Alert,
  back: Alert,
): Plan {
  return {
    commands: [{ type: 'edit', document, base, next }],
    saved: { document, record, place: next.place },
    undo: [{ type: 'edit', document, base: next, next: back }],
  }
}

export function planAlert(intent: AlertIntent, around: Surroundings): Plan {
  switch (intent.type) {
    case 'alert': {
      const document = around.documentId()
      const calls = intent.calls.map((call): [RecordId, Call] => [
        around.recordId(),
        { ...call, withdrawn: false },
      ])
      const content: Alert = {
        ...intent.alert,
        opened: around.now,
        calls: Object.fromEntries(calls),
        acknowledgements: {},
        outcome: 'open',
        closed: null,
        withdrawn: false,
      }
      const withdrawn = { ...content, withdrawn: true }
      return {
        commands: [{ type: 'create', document, content: { kind: 'alert', content } }],
        saved: { document, record: null, place: content.place },
        undo: [{ type: 'edit', document, base: content, next: withdrawn }],
      }
    }
    case 'call': {
      const base = needAlert(intent.document, around)
      const record = around.recordId()
      const call: Call = { ...intent.call, at: around.now, withdrawn: false }
      const put = (made: Call): Alert => ({ ...base, calls: { ...base.calls, [record]: made } })
      return edited(intent.document, record, base, put(call), put({ ...call, withdrawn: true }))
    }
    case 'answered': {
      const base = needAlert(intent.document, around)
      const call = base.calls[intent.record]
      if (call === undefined) throw new Failure('gone', 'no such call')
      const answered = { ...call, answered_by: intent.answered_by }
      const next = { ...base, calls: { ...base.calls, [intent.record]: answered } }
      return edited(intent.document, intent.record, base, next, base)
    }
    case 'edit_alert': {
      const { base, change } = intent
      return edited(intent.document, null, base, { ...base, ...change }, base)
    }
  }
}
