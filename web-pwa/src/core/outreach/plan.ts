/**
 * From what a worker says to what the replica carries out. Pure: the caller
 * supplies the clock, the random ids and a look at the documents.
 */

import { Failure } from '../shared/failure.ts'
import type { Intent, UndoToken, VisitPart, Where } from './intents.ts'
import type {
  Access,
  DocumentId,
  Instant,
  Place,
  Proposal,
  RecordId,
  Visit,
} from '../shared/model.ts'
import { nightOf } from '../shared/night.ts'
import type { Plan, Surroundings } from './planning.ts'
import { planAlert } from './plan-alert.ts'
import { makeCount, makeEncounter, makePlace, makeVisit } from './record.ts'
import type { Command, DocumentContent } from './wasm-types.ts'

/** An undo token as it is inside: the commands themselves, so that it outlives a restart of the core. */
export interface UndoCommands extends UndoToken {
  readonly commands: readonly Command[]
}

interface Site {
  place: DocumentId
  commands: Command[]
  undo: Command[]
}

/** Returns the place, recorded along with the rest when it is new. */
function site(where: Where, around: Surroundings): Site {
  if ('place' in where) return { place: where.place, commands: [], undo: [] }
  const place = around.documentId()
  const active = { state: 'active', at: around.now, withdrawn: false } as const
  const content = makePlace(around.now, [around.recordId(), active], where.new_place)
  return {
    place,
    commands: [{ type: 'create', document: place, content: { kind: 'place', content } }],
    undo: [withdrawal(place, content)],
  }
}

function withdrawal<T extends Visit | Place>(document: DocumentId, content: T): Command {
  return {
    type: 'edit',
    document,
    base: { ...content, withdrawn: false },
    next: { ...content, withdrawn: true },
  }
}

/** Finds tonight's visit to the place: the latest one begun, when there are several. */
export function visitTonight(
  visits: Iterable<[DocumentId, Visit]>,
  now: Instant,
): [DocumentId, Visit] | null {
  const night = nightOf(now)
  let latest: [DocumentId, Visit] | null = null
  for (const entry of visits) {
    const [id, visit] = entry
    if (visit.withdrawn || nightOf(visit.started) !== night) continue
    if (
      latest === null ||
      visit.started > latest[1].started ||
      (visit.started === latest[1].started && id > latest[0])
    ) {
      latest = entry
    }
  }
  return latest
}

/** Returns what the part says of a visit that exists: only what it names. */
function withPart(visit: Visit, part: VisitPart): Visit {
  const note = part.note?.trim()
  return {
    ...visit,
    ...(part.access !== undefined && { access: part.access }),
    ...(part.basis !== undefined && { basis: part.basis }),
    ...(part.weather_opening !== undefined && { weather_opening: part.weather_opening }),
    // A note is added to what stands there: what a colleague wrote is not overwritten.
    ...(note && { note: visit.note === '' ? note : `${visit.note}\n${note}` }),
  }
}

/** Adds records to tonight's visit, or begins one. */
function inVisit(
  where: Where,
  part: VisitPart,
  /** How much of the place a visit that is begun now has seen, unless the part says. */
  seen: Access,
  add: (visit: Visit) => { next: Visit; record: RecordId | null; withdrawn: Visit },
  around: Surroundings,
): Plan {
  const { place, commands, undo } = site(where, around)
  const known = around.content(place)
  if ('place' in where && known?.kind !== 'place') throw new Failure('gone', 'no such place')

  const present = visitTonight(around.visitsAt(place), around.now)
  if (present !== null) {
    const [document, visit] = present
    const { next, record, withdrawn } = add(withPart(visit, part))
    return {
      commands: [...commands, { type: 'edit', document, base: visit, next }],
      saved: { document, record, place },
      undo: [{ type: 'edit', document, base: next, next: undone(visit, withdrawn) }],
    }
  }

  const document = around.documentId()
  const empty = makeVisit(place, around.now, around.isDrawn(place), { access: seen, ...part })
  const { next, record } = add(empty)
  return {
    commands: [
      ...commands,
      { type: 'create', document, content: { kind: 'visit', content: next } },
    ],
    saved: { document, record, place },
    // The visit came with the record, so it goes with it.
    undo: [withdrawal(document, next), ...undo],
  }
}

/** Returns the visit as it was, with the records that were added since kept as withdrawn ones. */
function undone(before: Visit, withdrawn: Visit): Visit {
  return { ...before, counts: withdrawn.counts, encounters: withdrawn.encounters }
}

function edited<T extends DocumentContent>(document: DocumentId, base: T, next: T): Plan {
  return {
    commands: [{ type: 'edit', document, base, next }],
    saved: { document, record: null, place: 'place' in base ? base.place : null },
    undo: [{ type: 'edit', document, base: next, next: base }],
  }
}

function needVisit(document: DocumentId, around: Surroundings): Visit {
  const found = around.content(document)
  if (found?.kind !== 'visit') throw new Failure('gone', 'no such visit')
  return found.content
}

function needPlace(document: DocumentId, around: Surroundings): Place {
  const found = around.content(document)
  if (found?.kind !== 'place') throw new Failure('gone', 'no such place')
  return found.content
}

/** Plans an intent. Throws a {@link Failure} `gone` when it speaks of what is not there. */
export function plan(intent: Intent, around: Surroundings): Plan {
  switch (intent.type) {
    case 'count': {
      const record = around.recordId()
      const count = makeCount(around.device, around.now, intent.count)
      return inVisit(
        intent.where,
        // Whoever counts has seen something: an earlier "no access" tonight no longer holds.
        { access: 'complete', ...intent.visit },
        'complete',
        (visit) => ({
          record,
          next: { ...visit, counts: { ...visit.counts, [record]: count } },
          withdrawn: {
            ...visit,
            counts: { ...visit.counts, [record]: { ...count, withdrawn: true } },
          },
        }),
        around,
      )
    }
    case 'encounter': {
      const record = around.recordId()
      const encounter = makeEncounter(around.device, around.now, intent.encounter)
      return inVisit(
        intent.where,
        intent.visit ?? {},
        // Meeting somebody does not say that the whole place was seen.
        'partial',
        (visit) => ({
          record,
          next: { ...visit, encounters: { ...visit.encounters, [record]: encounter } },
          withdrawn: {
            ...visit,
            encounters: { ...visit.encounters, [record]: { ...encounter, withdrawn: true } },
          },
        }),
        around,
      )
    }
    case 'no_access':
      return inVisit(
        intent.where,
        { ...intent.visit, access: 'no_access' },
        'no_access',
        (visit) => ({ record: null, next: visit, withdrawn: visit }),
        around,
      )
    case 'edit_count':
    case 'edit_encounter': {
      const visit = needVisit(intent.document, around)
      const sort = intent.type === 'edit_count' ? 'counts' : 'encounters'
      if (visit[sort][intent.record] === undefined) throw new Failure('gone', `no such record`)
      // Base and next differ only in the given fields, so whatever else has
      // happened to the visit meanwhile stays as it is.
      const place = (record: object): Visit => ({
        ...visit,
        [sort]: { ...visit[sort], [intent.record]: record },
      })
      const result = edited(
        intent.document,
        place(intent.base),
        place({ ...intent.base, ...intent.change }),
      )
      return { ...result, saved: { ...result.saved, record: intent.record } }
    }
    case 'edit_visit':
      return edited(intent.document, intent.base, { ...intent.base, ...intent.change })
    case 'edit_place': {
      const result = edited(intent.document, intent.base, { ...intent.base, ...intent.change })
      return { ...result, saved: { ...result.saved, place: intent.document } }
    }
    case 'new_place': {
      const { place, commands, undo } = site({ new_place: intent.place }, around)
      return { commands, saved: { document: place, record: null, place }, undo }
    }
    case 'place_state': {
      const content = needPlace(intent.document, around)
      const record = around.recordId()
      const state = { state: intent.state, at: around.now, withdrawn: false }
      return added(intent.document, content, 'states', record, state)
    }
    case 'tip': {
      const content = needPlace(intent.document, around)
      const record = around.recordId()
      const tip = { ...intent.tip, at: around.now, checked: null, withdrawn: false }
      return added(intent.document, content, 'tips', record, tip)
    }
    case 'propose': {
      const content = needPlace(intent.document, around)
      const made = { at: around.now, decision: null, decided: null, withdrawn: false }
      const proposal = { ...intent.proposal, ...made }
      return added(intent.document, content, 'proposals', around.recordId(), proposal)
    }
    case 'withdraw_record': {
      const base = needPlace(intent.document, around)
      const record = base[intent.sort]?.[intent.record]
      if (record === undefined) throw new Failure('gone', 'no such record')
      const put = (entry: object): Place => ({
        ...base,
        [intent.sort]: { ...base[intent.sort], [intent.record]: entry },
      })
      const result = edited(intent.document, base, put({ ...record, withdrawn: true }))
      return {
        ...result,
        saved: { ...result.saved, record: intent.record, place: intent.document },
      }
    }
    case 'alert':
    case 'call':
    case 'answered':
    case 'edit_alert':
      return planAlert(intent, around)
    case 'choose':
      return {
        commands: [{ type: 'choose', document: intent.document, path: intent.path, op: intent.op }],
        saved: { document: intent.document, record: null, place: null },
        undo: [],
      }
    case 'undo': {
      const { commands } = intent.undo as UndoCommands
      const first = commands[0]
      if (first === undefined) throw new Failure('gone', 'nothing to take back')
      return {
        commands: [...commands],
        saved: { document: first.document, record: null, place: null },
        undo: [],
      }
    }
  }
}

/** Returns a record that was added to a place. */
function added(
  document: DocumentId,
  place: Place,
  sort: 'states' | 'tips' | 'proposals',
  record: RecordId,
  value: Place['states'][string] | Place['tips'][string] | Proposal,
): Plan {
  const put = (entry: object): Place => ({ ...place, [sort]: { ...place[sort], [record]: entry } })
  return {
    commands: [{ type: 'edit', document, base: place, next: put(value) }],
    saved: { document, record, place: document },
    undo: [{ type: 'edit', document, base: put(value), next: put({ ...value, withdrawn: true }) }],
  }
}
