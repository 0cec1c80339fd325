/** A core that lives in memory, for looking at the screens. Never part of a build. */
import { Failure } from '$core/shared/failure.ts'
import type { ConflictModel, PlaceRow, VisitModel, VisitRow } from '$core/outreach/page-models.ts'
import type { FieldCore, Phase, Snapshot } from '$core/outreach/field-core.ts'
import type { Intent, Saved } from '$core/outreach/intents.ts'
import type { Visit } from '$core/shared/model.ts'
import * as data from './data.ts'
import { alerts } from './service.ts'

const LATER = 1_000_000
let next = 500

/** The fields that a colleague of the maker may change. */
const OTHERS = ['adults', 'children', 'group', 'languages', 'sleeping', 'needs', 'note']

/** Makes a core in the state that `scene` names. */
export function fakeField(scene: string): FieldCore {
  const listeners = new Set<() => void>()
  const empty = scene === 'empty'
  const places = empty ? new Map() : data.places
  const visits: Map<string, Visit> = empty ? new Map() : new Map(data.visits)
  const undo = new Map<string, () => void>()

  const [name, code] = scene.split('.')
  const phase = (): Phase => {
    switch (name) {
      case 'not_enrolled':
      case 'erased':
      case 'evicted':
      case 'elsewhere':
        return { phase: name }
      case 'enrolling':
        return {
          phase: 'enrolling',
          failure: code ? { code: code as 'code_used', retry: code === 'unreachable' } : null,
        }
      case 'invited':
        return { phase: name, about: { role: 'worker', organisation: data.member.organisation } }
      case 'securing':
        return { phase: name, before: code === 'before' }
      case 'locked':
        return { phase: name, invited: code === 'invited' }
      case 'lease':
        return { phase: name, days: 15 }
      case 'unsupported':
        return { phase: 'unsupported', lacks: 'wasm' }
      case 'failed':
        return { phase: 'failed', code: (code ?? 'storage_lost') as 'storage_lost', detail: '' }
      default:
        return { phase: 'ready' }
    }
  }

  const envelope = () => {
    if (code === 'sealed') return { sent_at: null }
    return code === 'delivered' ? { sent_at: data.NOW - LATER } : null
  }

  let snapshot: Snapshot = {
    state: phase(),
    member: data.member,
    configuration: data.configuration,
    sync: {
      online: scene !== 'offline',
      busy: false,
      waiting: empty ? 0 : 3,
      waiting_since: scene === 'offline' ? data.NOW - 2.2 * data.DAY : data.NOW - 600_000,
      received_at: empty ? null : data.NOW - LATER,
      problem: scene === 'problem' ? { code: 'unreachable', since: data.NOW } : null,
      next_at: Date.now() + 120_000,
      clock_error: 0,
      clock_guessed: name === 'clock' && code !== 'doubted',
      clock_doubted: code === 'doubted',
      heard_at: null,
      later: null,
      rejected:
        scene === 'refused' ? [{ document: data.id(102), code: 'invalid', detail: '' }] : [],
    },
    storage: { persisted: scene === 'persisted', used: null, quota: null },
    lock: {
      set: true,
      passkey: code === 'passkey',
      can_passkey: true,
      wait_until: code === 'wait' ? Date.now() + 60_000 : null,
      waiting:
        code === 'sent'
          ? { documents: 0, since: null, envelope: null }
          : { documents: 3, since: data.NOW - 2.2 * data.DAY, envelope: envelope() },
      made_at: data.NOW - 10 * data.DAY,
    },
    position: null,
    drafts: 0,
    update_ready: scene === 'update',
    installed: name === 'installing' ? (code === 'failed' ? 'failed' : 'coming') : 'here',
    leader: true,
    revision: 1,
  }

  const change = (part: Partial<Snapshot>) => {
    snapshot = { ...snapshot, ...part, revision: snapshot.revision + 1 }
    listeners.forEach((listener) => listener())
  }

  const row = (place: string): PlaceRow | null => {
    const content = places.get(place)
    if (!content) return null
    const n = Number.parseInt(place, 16)
    const tonight = [...visits.values()].some((visit) => visit.place === place)
    return {
      place,
      name: content.name,
      place_type: content.place_type,
      district: content.district,
      district_name:
        data.configuration.districts.find((d) => d.code === content.district)?.name ??
        content.district,
      state: 'active',
      distance: scene === 'near' ? n * 340 : null,
      drawn: n % 3 === 0,
      visited_tonight: tonight,
      visited_in_period: tonight,
      last_night: tonight
        ? '2026-11-21'
        : n % 4 === 0
          ? null
          : `2026-11-${String(20 - n).padStart(2, '0')}`,
      last_count: 4,
      last_used: null,
    }
  }
  const rows = () => [...places.keys()].map(row).filter((found) => found !== null)

  const visitRow = (document: string, visit: Visit): VisitRow => {
    const counts = Object.values(visit.counts).filter((count) => !count.withdrawn)
    const best = counts.map((count) => count.adults + count.children + count.unknown)
    return {
      visit: document,
      place: visit.place,
      place_name: places.get(visit.place)?.name ?? '',
      night: '2026-11-21',
      started: visit.started,
      access: visit.access,
      basis: visit.basis,
      best: best[0] ?? null,
      counts: counts.length,
      encounters: Object.values(visit.encounters).filter((found) => !found.withdrawn).length,
      conflicts: name === 'conflict' && document === data.id(101) ? 1 : 0,
      waiting: document !== data.id(103),
      rejected: scene === 'refused' && document === data.id(102) ? 'invalid' : null,
      withdrawn: visit.withdrawn,
    }
  }

  const conflicts = (): ConflictModel[] =>
    name === 'conflict'
      ? [
          {
            document: data.id(101),
            kind: 'visit',
            place_name: 'Exempelbron, norra fästet',
            path: ['counts', data.recordId(1), 'adults'],
            field: 'adults',
            record: { sort: 'count', record: data.recordId(1) },
            values: [
              {
                op: '1',
                value: 5,
                device: data.member.device,
                mine: true,
                at: data.NOW - 7_200_000,
                winner: true,
              },
              {
                op: '2',
                value: 6,
                device: 'aa',
                mine: false,
                at: data.NOW - 3_600_000,
                winner: false,
              },
            ],
          },
        ]
      : []

  const put = (document: string, visit: Visit): (() => void) => {
    const before = visits.get(document)
    visits.set(document, visit)
    return () => {
      if (before) visits.set(document, before)
      else visits.delete(document)
    }
  }

  const perform = (intent: Intent): Saved => {
    const saved = (document: string, record: string | null, back: (() => void) | null): Saved => {
      const token = String((next += 1))
      if (back) undo.set(token, back)
      return {
        document,
        record,
        place: null,
        undo: back ? { id: token } : null,
        at: Date.now(),
      }
    }
    const record = data.recordId((next += 1))
    const open = (where: { place: string } | object) => {
      const place = 'place' in where ? where.place : data.id(1)
      const found = [...visits].find(([, visit]) => visit.place === place)
      return found ?? ([data.id((next += 1)), data.visit({ place, started: Date.now() })] as const)
    }
    switch (intent.type) {
      case 'count': {
        const [document, visit] = open(intent.where)
        const count = data.count({ ...intent.count, at: Date.now() })
        const merged = { ...visit, ...intent.visit, counts: { ...visit.counts, [record]: count } }
        return saved(document, record, put(document, merged))
      }
      case 'encounter': {
        const [document, visit] = open(intent.where)
        const made = data.encounter({ ...intent.encounter, at: Date.now() })
        return saved(
          document,
          record,
          put(document, { ...visit, encounters: { ...visit.encounters, [record]: made } }),
        )
      }
      case 'no_access': {
        const [document, visit] = open(intent.where)
        return saved(document, null, put(document, { ...visit, access: 'no_access' }))
      }
      case 'edit_count':
      case 'edit_encounter': {
        const visit = visits.get(intent.document) ?? data.visit({})
        const sort = intent.type === 'edit_count' ? 'counts' : 'encounters'
        const merged = { ...visit[sort][intent.record], ...intent.change }
        const changed = { ...visit, [sort]: { ...visit[sort], [intent.record]: merged } }
        return saved(intent.document, intent.record, put(intent.document, changed))
      }
      case 'edit_visit': {
        const visit = visits.get(intent.document) ?? data.visit({})
        return saved(intent.document, null, put(intent.document, { ...visit, ...intent.change }))
      }
      case 'new_place': {
        const document = data.id((next += 1))
        places.set(document, { ...data.places.get(data.id(2)), ...intent.place })
        return { ...saved(document, null, null), place: document }
      }
      case 'undo':
        undo.get(intent.undo.id)?.()
        return saved('', null, null)
      default:
        return saved('document' in intent ? intent.document : '', null, null)
    }
  }

  const drafts = new Map<string, string>()
  const core: FieldCore = {
    get snapshot() {
      return snapshot
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    lock: {
      secure: async () => change({ state: { phase: 'ready' } }),
      postpone: async () => change({ state: { phase: 'ready' } }),
      unlock: async (passphrase) => {
        if (passphrase !== 'rätt') throw new Failure('passphrase_wrong')
        change({ state: { phase: 'ready' } })
      },
      unlockByPasskey: async () => change({ state: { phase: 'ready' } }),
      lockNow: async () => change({ state: { phase: 'locked', invited: false } }),
      addPasskey: async () => change({ lock: { ...snapshot.lock, passkey: true } }),
      removePasskey: async () => change({ lock: { ...snapshot.lock, passkey: false } }),
      change: async () => undefined,
      forget: async () => change({ state: { phase: 'not_enrolled' } }),
    },
    home() {
      const all = rows()
      const tonight = [...visits].map(([document, visit]) => visitRow(document, visit))
      return {
        night: '2026-11-21',
        drawn: { total: empty ? 0 : 24, visited: empty ? 0 : 17 },
        round: scene === 'done' ? [] : all.filter((place) => place.drawn && !place.visited_tonight),
        due: all.filter((place) => !place.drawn && !place.visited_tonight),
        places: all.length,
        recent: all.slice(0, 4),
        tonight: {
          visits: scene === 'morning' ? [] : tonight,
          counts: 3,
          encounters: 1,
        },
        conflicts: conflicts().length,
      }
    },
    places: ({ limit }) => rows().slice(0, limit),
    place(document) {
      const found = row(document)
      const content = places.get(document)
      if (!found || !content) return null
      return {
        row: found,
        content,
        conflicts: [],
        visits: [...visits]
          .filter(([, visit]) => visit.place === document)
          .map(([key, visit]) => visitRow(key, visit)),
        coverage: [
          {
            place: document,
            night: 20_770,
            organisation: 'forening-a',
            complete: true,
            count: 7,
            present: true,
            night_date: '2026-11-14',
            organisation_name: 'Förening A (exempel)',
          },
        ],
        tonight: null,
        waiting: false,
      }
    },
    visit(document): VisitModel | null {
      const content = visits.get(document)
      if (!content) return null
      return {
        row: visitRow(document, content),
        content,
        counts: Object.entries(content.counts).map(([record, count]) => ({
          record,
          count,
          best: count.adults + count.children + count.unknown,
          mine: count.observer === data.member.device,
          since: [],
          warnings: [],
        })),
        encounters: Object.entries(content.encounters).map(([record, encounter]) => ({
          record,
          encounter,
          mine: true,
          since: [],
        })),
        since: [],
        conflicts: conflicts().filter((conflict) => conflict.document === document),
      }
    },
    alerts: (now) => alerts(scene, now),
    alert: (document, now) =>
      alerts(scene, now).find((found) => found.document === document) ?? null,
    period: () => '2026-11-09',
    conflicts,
    outbox: () =>
      [...visits].slice(0, 3).map(([document, visit]) => ({
        document,
        kind: 'visit',
        title: places.get(visit.place)?.name ?? '',
        changes: 2,
        at: visit.started,
        later: null,
        rejected:
          scene === 'refused' && document === data.id(102) ? { code: 'invalid', detail: '' } : null,
      })),
    suggestion: () => ({ place: row(data.id(1)), group: 'unknown', sleeping: 'unknown' }),
    check(count) {
      const best = (count.adults ?? 0) + (count.children ?? 0) + (count.unknown ?? 0)
      return count.low !== null && count.low !== undefined && count.low > best
        ? ['low_above_best']
        : []
    },
    may: (_document, path, act) => {
      if (act === 'add' || ![name, code].includes('theirs')) return true
      return code !== 'theirs' && OTHERS.includes(path.at(-1) ?? '')
    },
    now: () => Date.now(),
    async dispatch(intent) {
      if (scene === 'full') throw new Failure('storage_full')
      const saved = perform(intent)
      change({})
      return saved
    },
    async syncNow() {
      change({ sync: { ...snapshot.sync, busy: true } })
      await new Promise((resolve) => setTimeout(resolve, 800))
      change({ sync: { ...snapshot.sync, busy: false, waiting: 0, received_at: Date.now() } })
    },
    locate: async () => null,
    draft: (key) => {
      const text = drafts.get(key)
      return text === undefined ? null : JSON.parse(text)
    },
    setDraft: (key, value) => void drafts.set(key, JSON.stringify(value)),
    clearDraft: (key) => void drafts.delete(key),
    async enrol() {
      change({ state: { phase: 'enrolling', failure: null } })
      await new Promise((resolve) => setTimeout(resolve, 500))
      change({ state: { phase: 'ready' } })
    },
    async takeOver() {
      change({ state: { phase: 'ready' } })
    },
    async restart() {
      change({ state: { phase: 'ready' } })
    },
    async persist() {
      change({ storage: { ...snapshot.storage, persisted: true } })
      return true
    },
    async applyUpdate() {
      change({ update_ready: false })
    },
    async erase() {
      change({ state: { phase: 'erased' } })
    },
  }
  return core
}
