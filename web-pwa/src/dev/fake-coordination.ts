/** A coordination core that lives in memory, for looking at the screens. Never part of a build. */
import type {
  CoordinationCore,
  CoordinationSnapshot,
  EstimateReport,
  PeopleReport,
  PeriodPoint,
} from '$core/coordination/coordination-core.ts'
import { DeskKey } from '$core/coordination/desk-key.ts'
import type { Announced } from '$core/coordination/service.ts'
import { Failure } from '$core/shared/failure.ts'
import * as data from './data.ts'
import { fakeDeciding } from './fake-deciding.ts'
import { fakeHistory } from './fake-history.ts'
import { fakeDeskKeys } from './fake-desk-keys.ts'
import { deskAlerts, deskFeedback, deskProposals } from './service.ts'

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
    partly: 4,
    not_visited: 29,
    no_access: 6,
    seen_empty: 23,
    previous_share: 0.8,
  },
  estimate: { total: 311, low: 267, high: 370 },
  refusal: null,
  sentence: {
    code: 'night_drawn_ratio',
    params: { seen: 214, times: 0.69, total: 311, low: 267, high: 370 },
  },
  upper_scenario: 430,
  warnings: [{ code: 'drawn_not_counted', params: {} }],
  method: {
    version: '1',
    inputs_hash: '5b1d'.repeat(16),
    draw_seed: '13906834516217339221',
    kind: 'drawn_ratio',
    se: 22.4,
    df: 9.3,
    ratios: [
      {
        class: null,
        observed: 0.69,
        beta: 0.694,
        places: 17,
        drawn_previous: 96,
        unseen_previous: 140,
      },
    ],
    sizes: [
      { from: 1, below: 5, places: 92, visited: 66 },
      { from: 5, below: 15, places: 61, visited: 50 },
      { from: 15, below: 50, places: 20, visited: 18 },
      { from: 50, below: null, places: 2, visited: 2 },
    ],
    previous_total: 560,
    previous_visited: 448,
    recounted: 11,
    stale_places: 3,
    refusals: [],
    limits: {
      least_visited_share: 0.4,
      least_drawn: 3,
      most_indirect_share: 0.25,
      widest_interval: 3,
      least_overlap: 7,
      least_list: 20,
      widest_strip: 2,
      longest_period_days: 28,
    },
    beta: 0.69,
    phi: 1.8,
    drawn: 17,
  },
  draw: { drawn_at: iso(12 * data.DAY), places: 24, visited: 17 },
  districts: data.configuration.districts.map(({ code, name }, n) => ({
    code,
    name,
    places: 10 + ((n * 7) % 13),
    visited: 8 + ((n * 5) % 7),
    seen: 6 + ((n * 11) % 40),
    estimate: n % 4 === 3 ? null : { total: 12 + n * 5, low: 8 + n * 4, high: 20 + n * 7 },
    refusal: n % 4 === 3 ? { code: 'interval_too_wide', params: {} } : null,
  })),
}

const [one = '', two = '', three = ''] = data.configuration.organisations.map((o) => o.id)

const people: PeopleReport = {
  period: report.period,
  seen: 402,
  unlinked: 37,
  estimate: { total: 588, low: 531, high: 664, method: 'average' },
  refusal: null,
  refusals: [],
  warnings: [{ code: 'links_not_audited', params: {} }],
  sentence: {
    code: 'people_overlap',
    params: { seen: 402, total: 588, low: 531, high: 664 },
  },
  lists: [
    { organisation: one, people: 240, used: true },
    { organisation: two, people: 171, used: true },
    { organisation: three, people: 118, used: true },
  ],
  pairs: [
    { organisations: [one, two], both: 70, total: 584, low: 512, high: 684 },
    { organisations: [one, three], both: 49, total: 573, low: 490, high: 702 },
    { organisations: [two, three], both: 33, total: 601, low: 492, high: 782 },
  ],
  models: [
    { together: [], total: 583, low: 535, high: 642, delta_bic: 0 },
    { together: [[one, two]], total: 596, low: 528, high: 690, delta_bic: 4.1 },
    { together: [[two, three]], total: 588, low: 533, high: 660, delta_bic: 5.2 },
    { together: [[one, three]], total: 571, low: 519, high: 645, delta_bic: 5.4 },
    {
      together: [
        [one, two],
        [one, three],
      ],
      total: 628,
      low: 512,
      high: 830,
      delta_bic: 9.2,
    },
  ],
  sensitivity: [
    { found: 1, total: 588 },
    { found: 0.95, total: 560 },
    { found: 0.9, total: 531 },
  ],
  version: '1',
  inputs_hash: 'c09a'.repeat(16),
}

const refusedPeople: PeopleReport = {
  ...people,
  estimate: null,
  models: [],
  sensitivity: [],
  refusal: { code: 'overlap_too_small', params: {} },
  refusals: [{ code: 'overlap_too_small', params: {} }],
  sentence: { code: 'people_refused', params: { seen: 402, reason: 'overlap_too_small' } },
}

const refusedReport: EstimateReport = {
  ...report,
  estimate: null,
  upper_scenario: null,
  method: {
    ...report.method,
    kind: null,
    se: null,
    df: null,
    ratios: [],
    drawn: 2,
    refusals: [{ code: 'too_few_drawn', params: {} }],
  },
  refusal: { code: 'too_few_drawn', params: {} },
  sentence: { code: 'night_refused', params: { seen: 214, reason: 'too_few_drawn' } },
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
    team_key: scene.startsWith('key.') ? '00112233445566aa' : null,
    period: null,
    report: part(scene === 'refusal' ? refusedReport : report),
    people: part(scene === 'refusal' ? refusedPeople : people),
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
      period: '2026-11-09',
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
        today: {
          device: { documents: 312, most: 2_000 },
          organisation: { documents: 1_240, most: 20_000 },
        },
        may_revoke: true,
        undo: 'alone',
      },
      {
        device: '77aa00c2a94b77d3',
        label: '',
        role: 'worker',
        organisation: organisations[0] ?? { id: '', name: '' },
        enrolled_at: iso(20 * data.DAY),
        last_seen_at: null,
        revoked_at: iso(2 * data.DAY),
        today: {
          device: { documents: 0, most: 2_000 },
          organisation: { documents: 1_240, most: 20_000 },
        },
        may_revoke: true,
        undo: 'alone',
      },
    ]),
    alerts: part({
      alerts: deskAlerts,
      unheard: 1,
      floods:
        scene === 'flood'
          ? [
              {
                device: '5e1f00c2a94b77d3',
                organisation: organisations[0] ?? { id: '', name: '' },
                unheard: 24,
              },
            ]
          : [],
    }),
    feedback: part(deskFeedback),
    proposals: part(deskProposals),
    live: scene === 'offline' ? 'offline' : 'live',
    update_ready: scene === 'update',
  }
  const change = (next: Partial<CoordinationSnapshot>) => {
    snapshot = { ...snapshot, ...next }
    listeners.forEach((listener) => listener())
  }
  const announce = async (team_key: string): Promise<Announced> => {
    change({ team_key })
    return { stands: team_key, waits: false }
  }
  return {
    deskKey: new DeskKey(fakeDeskKeys(scene), announce),
    deciding: fakeDeciding(),
    history: () => fakeHistory(scene),
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
    putTeamKey: announce,
    async acknowledge() {
      change({})
    },
    async handle() {
      change({})
    },
    async decide() {
      change({ proposals: part([]) })
    },
    async revoke() {
      change({})
    },
    async settleQuarantined() {
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
