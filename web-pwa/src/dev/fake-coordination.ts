/** A coordination core that lives in memory, for looking at the screens. Never part of a build. */
import type {
  CoordinationCore,
  CoordinationSnapshot,
  EstimateReport,
  PeriodPoint,
} from '$core/coordination-core.ts'
import { Failure } from '$core/field-core.ts'
import * as data from './data.ts'
import { deskAlerts, deskFeedback } from './service.ts'

const iso = (ago: number) => new Date(data.NOW - ago).toISOString()
const day = (n: number) => new Date(data.NOW + n * data.DAY).toISOString().slice(0, 10)

const seen = [118, 131, 142, 127, 150, 169, 176, 188, 214]
const totals = [null, 190, 204, 181, 221, 240, 252, 262, 311]
const periods: PeriodPoint[] = seen.map((n, k) => {
  const total = totals[k] ?? null
  return {
    start: day((k - seen.length + 1) * 28 - 12),
    end: day((k - seen.length + 2) * 28 - 13),
    seen: n,
    estimate:
      total === null
        ? null
        : { total, low: Math.round(total * 0.86), high: Math.round(total * 1.19) },
    refusal: null,
  }
})

const report: EstimateReport = {
  period: { start: '2026-11-09', end: '2026-12-06', days: 28 },
  as_of: iso(0),
  cursor: 1,
  seen: { persons: 214, adults: 181, children: 19, unknown: 14 },
  coverage: {
    places: 181,
    visited: 142,
    not_visited: 39,
    no_access: 6,
    seen_empty: 23,
    previous_share: 0.8,
  },
  estimate: { total: 311, low: 267, high: 370 },
  refusal: null,
  sentence: {
    sv: 'Ungefär 310 personer en vanlig natt, troligen mellan 270 och 370.',
    en: 'About 310 persons on an ordinary night, probably between 270 and 370.',
  },
  upper_scenario: 430,
  warnings: [
    {
      code: 'coverage_falling',
      sentence: {
        sv: 'Färre platser är besökta än vid samma tid förra perioden.',
        en: 'Fewer places have been visited than at the same time in the period before.',
      },
    },
  ],
  method: { version: '1', beta: 0.69, phi: 1.8, drawn: 17 },
  draw: { drawn_at: iso(12 * data.DAY), places: 24, visited: 17 },
  districts: data.configuration.districts.map(({ code, name }, n) => ({
    code,
    name,
    places: 10 + ((n * 7) % 13),
    visited: 8 + ((n * 5) % 7),
    seen: 6 + ((n * 11) % 40),
    estimate: n % 4 === 3 ? null : { total: 12 + n * 5, low: 8 + n * 4, high: 20 + n * 7 },
    refusal:
      n % 4 === 3
        ? { code: 'few', sentence: { sv: 'För få besök.', en: 'Too few visits.' } }
        : null,
  })),
}

const refusedReport: EstimateReport = {
  ...report,
  estimate: null,
  upper_scenario: null,
  refusal: {
    code: 'no_draw',
    sentence: {
      sv: 'Inga lottade platser är besökta än, så det går inte att säga hur många som inte syns.',
      en: 'No drawn places have been visited yet, so it cannot be said how many are not seen.',
    },
  },
  sentence: {
    sv: '214 personer är sedda en vanlig natt. Det går inte att säga hur många fler de är.',
    en: '214 persons have been seen on an ordinary night. How many more there are cannot be said.',
  },
}

/** Makes a coordination core in the state that `scene` names. */
export function fakeCoordination(scene: string): CoordinationCore {
  const listeners = new Set<() => void>()
  const part = <T>(value: T) => ({ value, read_at: data.NOW - 60_000, problem: null })
  const organisations = data.configuration.organisations
  let snapshot: CoordinationSnapshot = {
    state:
      scene === 'not_enrolled'
        ? { phase: 'not_enrolled' }
        : scene === 'unreachable'
          ? { phase: 'unreachable', code: 'unreachable' }
          : { phase: 'ready' },
    member: { ...data.member, role: scene === 'administrator' ? 'administrator' : 'coordinator' },
    organisations,
    districts: data.configuration.districts,
    drawn_places: 24,
    period: null,
    report: part(scene === 'refusal' ? refusedReport : report),
    periods: part(periods),
    incoming: part(
      Array.from({ length: 14 }, (_, n) => ({
        received_at: iso(n * 1_100_000),
        organisation: organisations[n % 4] ?? { id: '', name: '' },
        kind: n % 5 === 4 ? 'place' : 'visit',
        district: n % 5 === 3 ? null : (data.configuration.districts[n % 11]?.code ?? null),
        changes: 1 + (n % 3),
        late: n === 2,
      })),
    ),
    draw: part({
      period: { start: '2026-11-09', end: '2026-12-06' },
      drawn_at: scene === 'undrawn' ? null : iso(12 * data.DAY),
      seed: scene === 'undrawn' ? null : '8411953',
      places:
        scene === 'undrawn'
          ? []
          : [...data.places].map(([place, content], n) => ({
              place,
              name: content.name,
              district: content.district,
              visited: n % 3 !== 0,
            })),
    }),
    quarantine: part([
      {
        id: 1,
        received_at: iso(5_000_000),
        organisation: 'eu-teamet',
        device: '5e1f00c2a94b77d3',
        document: data.id(102),
        kind: 'visit',
        code: 'invalid',
        detail: 'counts/0000000000000004/adults: at most 5000 persons',
        bytes: 412,
      },
    ]),
    devices: part([
      {
        device: '5e1f00c2a94b77d3',
        label: 'Telefon 3',
        role: 'worker',
        organisation: organisations[0] ?? { id: '', name: '' },
        enrolled_at: iso(20 * data.DAY),
        last_seen_at: iso(data.DAY),
        revoked_at: null,
      },
      {
        device: '77aa00c2a94b77d3',
        label: '',
        role: 'worker',
        organisation: organisations[0] ?? { id: '', name: '' },
        enrolled_at: iso(20 * data.DAY),
        last_seen_at: null,
        revoked_at: iso(2 * data.DAY),
      },
    ]),
    alerts: part(deskAlerts),
    feedback: part(deskFeedback),
    live: scene === 'offline' ? 'offline' : 'live',
    update_ready: scene === 'update',
  }
  const change = (next: Partial<CoordinationSnapshot>) => {
    snapshot = { ...snapshot, ...next }
    listeners.forEach((listener) => listener())
  }
  return {
    get snapshot() {
      return snapshot
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    open: () => () => undefined,
    async showPeriod(period) {
      change({ period })
    },
    async refresh() {
      change({ state: { phase: 'ready' } })
    },
    async drawPlaces() {
      throw new Failure('already_drawn')
    },
    async invite() {
      return {
        code: 'EXEMPEL-KOD',
        expires_at: iso(-2 * data.DAY),
        path: '/#enrol=EXEMPEL-KOD',
        link: `${location.origin}/#enrol=EXEMPEL-KOD`,
      }
    },
    async acknowledge() {
      change({})
    },
    async handle() {
      change({})
    },
    async revoke() {
      change({})
    },
    async enrol() {
      change({ state: { phase: 'ready' } })
    },
    async signOut() {
      change({ state: { phase: 'not_enrolled' } })
    },
    async applyUpdate() {
      change({ update_ready: false })
    },
  }
}
