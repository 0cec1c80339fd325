/** A server for the desk that lives in memory, for looking at the screens. Never part of a build. */
import type { CoordinationApi, DeviceRow, Listed } from '$core/coordination/api.ts'
import { CoordinationSession } from '$core/coordination/session.ts'
import { Failure } from '$core/shared/failure.ts'
import type {
  Draw,
  EstimateReport,
  IncomingLine,
  PeopleReport,
  PeriodLine,
  QuarantineEntry,
} from '$core/shared/generated/api.ts'
import type { Identity } from '$core/shared/member.ts'
import * as data from './data.ts'
import { fakeDeciding } from './fake-deciding.ts'
import { fakeHistory } from './fake-history.ts'
import { fakeDeskKeys } from './fake-desk-keys.ts'
import { deskAlerts, deskFeedback, deskProposals } from './service.ts'

const iso = (ago: number) => new Date(data.NOW - ago).toISOString()
const day = (n: number) => new Date(data.NOW + n * data.DAY).toISOString().slice(0, 10)

const seen = [118, 131, 142, 127, 150, 169, 176, 188, 214]
const totals = [null, 190, 204, 181, 221, 240, 252, 262, 311]
const periods: PeriodLine[] = seen.map((n, k) => {
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

const organisations = data.configuration.organisations
const organisation = organisations[0] ?? { id: '', name: '' }

const incoming: IncomingLine[] = Array.from({ length: 14 }, (_, n) => ({
  received_at: iso(n * 1_100_000),
  organisation: organisations[n % 4] ?? organisation,
  kind: n % 5 === 4 ? 'place' : 'visit',
  district: n % 5 === 3 ? null : (data.configuration.districts[n % 11]?.code ?? null),
  changes: 1 + (n % 3),
  late: n === 2,
}))

const undrawn: Draw = { period: '2026-11-09', drawn_at: null, seed: null, places: [] }

const drawn: Draw = {
  period: '2026-11-09',
  drawn_at: iso(12 * data.DAY),
  seed: '13906834516217339221',
  places: [...data.places].map(([place, content], n) => ({
    place,
    name: content.name,
    district: content.district,
    visited: n % 3 !== 0,
  })),
}

const quarantine: QuarantineEntry[] = [
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
]

const device = (fields: Partial<DeviceRow>): DeviceRow => ({
  device: '5e1f00c2a94b77d3',
  label: 'Telefon 3',
  role: 'worker',
  organisation,
  enrolled_at: iso(20 * data.DAY),
  last_seen_at: iso(data.DAY),
  revoked_at: null,
  today: {
    device: { documents: 312, most: 2_000 },
    organisation: { documents: 1_240, most: 20_000 },
  },
  may_revoke: true,
  undo: 'alone',
  ...fields,
})

const devices = [
  device({}),
  device({
    device: '77aa00c2a94b77d3',
    label: '',
    last_seen_at: null,
    revoked_at: iso(2 * data.DAY),
    today: {
      device: { documents: 0, most: 2_000 },
      organisation: { documents: 1_240, most: 20_000 },
    },
  }),
]

const flood = { device: '5e1f00c2a94b77d3', organisation, unheard: 24 }

const listed = <Row>(rows: Row[]): Listed<Row> => ({ rows, all: rows.length })

function fakeApi(scene: string): CoordinationApi {
  let team_key = scene.startsWith('key.') ? '00112233445566aa' : null
  let proposals = deskProposals
  return {
    ...fakeDeciding(),
    signIn: async () => undefined,
    signOut: async () => undefined,
    async me() {
      if (scene === 'unreachable') throw new Failure('unreachable')
      return { ...data.configuration, drawn_places: 24, team_key, role: 'coordinator' }
    },
    listen(_news, state) {
      state(scene === 'offline' ? 'broken' : 'open')
      return () => undefined
    },
    estimate: async () => (scene === 'refusal' ? refusedReport : report),
    people: async () => (scene === 'refusal' ? refusedPeople : people),
    periods: async () => periods,
    incoming: async () => incoming,
    draw: async () => (scene === 'undrawn' ? undrawn : drawn),
    async drawPlaces() {
      throw new Failure('already_drawn')
    },
    alerts: async () => ({
      alerts: listed(deskAlerts),
      unheard: 1,
      floods: scene === 'flood' ? [flood] : [],
    }),
    acknowledge: async () => undefined,
    feedback: async () => listed(deskFeedback),
    handle: async () => undefined,
    proposals: async () => listed(proposals),
    async decide() {
      proposals = []
    },
    quarantine: async () => listed(quarantine),
    settleQuarantined: async () => undefined,
    history: async () => listed(await fakeHistory(scene)),
    devices: async () => devices,
    invite: async () => ({
      code: 'EXEMPEL-KOD',
      expires_at: iso(-2 * data.DAY),
      path: '/#enrol=EXEMPEL-KOD',
      link: `${location.origin}/#enrol=EXEMPEL-KOD`,
    }),
    revoke: async () => undefined,
    async putTeamKey(fingerprint) {
      team_key = fingerprint
      return { stands: fingerprint, waits: false }
    },
  }
}

/** Opens a desk over made-up data, in the state that `scene` names. */
export function fakeCoordination(scene: string): CoordinationSession {
  const identity: Identity = {
    ...data.member,
    role: scene === 'administrator' ? 'administrator' : 'coordinator',
    token: '',
    keys: {} as CryptoKeyPair,
  }
  const session = new CoordinationSession({
    readIdentity: async () => ({
      identity: scene === 'not_enrolled' ? null : identity,
      erased: false,
    }),
    enrolPhone: async () => identity,
    invitationInAddress: () => null,
    leaveInvitation: () => undefined,
    aboutInvitation: async () => null,
    defaultLabel: () => '',
    apiOf: () => fakeApi(scene),
    forget: async () => undefined,
    keys: fakeDeskKeys(scene),
    signedOut: { set: () => undefined, clear: () => undefined, isSet: () => false },
    onOnline: () => undefined,
    applyUpdate: async () => undefined,
    now: () => data.NOW - 60_000,
    after: () => () => undefined,
  })
  if (scene === 'update') session.updateReady()
  void session.start()
  return session
}
