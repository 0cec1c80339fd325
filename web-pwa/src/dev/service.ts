/** Made-up alerts and feedback for looking at the screens. */
import { alertModels } from '$core/outreach/pages/alerts.ts'
import { PageData } from '$core/outreach/pages/data.ts'
import type { AlertModel } from '$core/outreach/page-models.ts'
import type { AlertEntry, ProposalEntry, View } from '$core/shared/generated/api.ts'
import type { Alert } from '$core/shared/model.ts'
import * as data from './data.ts'

const MINUTE = 60_000

const alert = (fields: Partial<Alert>): Alert => ({
  category: 'pregnancy',
  place: data.id(2),
  opened: data.NOW - 12 * MINUTE,
  note: 'Behöver komma under tak i natt. Vi väntar här (exempel).',
  calls: {
    [data.recordId(1)]: {
      to: 'duty_service',
      at: data.NOW - 15 * MINUTE,
      answered_by: 'Socialsekreterare',
      withdrawn: false,
    },
    [data.recordId(2)]: {
      to: 'eu_team',
      at: data.NOW - 13 * MINUTE,
      answered_by: '',
      withdrawn: false,
    },
  },
  acknowledgements: {},
  outcome: 'open',
  closed: null,
  withdrawn: false,
  ...fields,
})

/** Scenes: `alert` (nobody has acknowledged), `alert-waiting`, `alert-heard`. */
export function alerts(scene: string, now: number): AlertModel[] {
  if (!scene.startsWith('alert')) return []
  const pages = new PageData(data.configuration)
  const heard = {
    [data.recordId(3)]: {
      by: 'bb',
      at: data.NOW - 4 * MINUTE,
      note: 'Socialjouren åker dit, framme om 20 minuter',
      withdrawn: false,
    },
    // Two who answer in the same second.
    [data.recordId(4)]: {
      by: 'cc',
      at: data.NOW - 4 * MINUTE,
      note: 'EU-teamet har sett det',
      withdrawn: false,
    },
  }
  for (const [id, place] of data.places) {
    pages.put({
      view: { document: id, conflicts: [], kind: 'place', content: place },
      own: true,
      unsent: 0,
      waiting_since: null,
      rejected: null,
      later: null,
    })
  }
  pages.put({
    view: {
      document: data.id(301),
      conflicts: [],
      kind: 'alert',
      content: alert(scene === 'alert-heard' ? { acknowledgements: heard } : {}),
    },
    own: true,
    unsent: scene === 'alert-waiting' ? 1 : 0,
    waiting_since: null,
    rejected: null,
    later: null,
  })
  return alertModels(pages, now)
}

const iso = (ago: number) => new Date(data.NOW - ago).toISOString()
const organisation = { id: 'forening-a', name: 'Förening A (exempel)' }

export const deskAlerts: AlertEntry[] = [
  {
    id: data.id(301),
    organisation,
    category: 'pregnancy',
    opened: iso(12 * MINUTE),
    received_at: iso(12 * MINUTE),
    place_name: 'Exempelbron, norra fästet',
    district: 'sodermalm',
    note: 'Behöver komma under tak i natt. Vi väntar här (exempel).',
    calls: [{ to: 'duty_service', at: iso(15 * MINUTE), answered_by: 'Socialsekreterare' }],
    acknowledgements: [],
    outcome: 'open',
    closed: null,
    withdrawn: false,
  },
  {
    id: data.id(302),
    organisation,
    category: 'mental_health',
    opened: iso(26 * 60 * MINUTE),
    received_at: iso(26 * 60 * MINUTE),
    place_name: null,
    district: null,
    note: '',
    calls: [],
    // Two who answered in the same second.
    acknowledgements: [
      { at: iso(25 * 60 * MINUTE), note: 'EU-teamet har tagit emot' },
      { at: iso(25 * 60 * MINUTE), note: 'Socialjouren åker dit' },
    ],
    outcome: 'helped',
    closed: iso(24 * 60 * MINUTE),
    withdrawn: false,
  },
  {
    id: data.id(303),
    organisation,
    category: 'shelter',
    opened: iso(50 * MINUTE),
    received_at: iso(50 * MINUTE),
    place_name: null,
    district: null,
    note: 'Påhittat larm, tillbakataget (exempel).',
    calls: [],
    acknowledgements: [],
    outcome: 'open',
    closed: null,
    withdrawn: true,
  },
]

export const deskFeedback: View[] = [
  {
    id: data.id(311),
    text: 'Exemplu: aș vrea să știu când veniți din nou.',
    language: 'ro',
    about: 'eu-teamet',
    at: iso(20 * 60 * MINUTE),
    steps: [],
    reply: '',
  },
  {
    id: data.id(312),
    text: 'Påhittat klagomål: väntetiden var lång (exempel).',
    language: 'sv',
    about: 'eu-teamet',
    at: iso(9 * data.DAY),
    steps: [{ handling: 'answered', at: iso(2 * data.DAY), note: 'Talat med gruppen' }],
    reply: 'Tack. Vi har ändrat tiderna (exempel).',
  },
]

export const deskProposals: ProposalEntry[] = [
  {
    place: data.id(1),
    proposal: '0101010101010101',
    place_name: 'Under bron (exempel)',
    organisation,
    about: 'name',
    value: 'Under bron, norra sidan (exempel)',
    value_name: null,
    reason: 'Det finns två broar',
    at: iso(3 * 60 * MINUTE),
  },
  {
    place: data.id(2),
    proposal: '0202020202020202',
    place_name: 'Parken (exempel)',
    organisation,
    about: 'same_as',
    value: data.id(3),
    value_name: 'Lekparken (exempel)',
    reason: '',
    at: iso(26 * 60 * MINUTE),
  },
  {
    place: data.id(3),
    proposal: '0303030303030303',
    place_name: 'Lekparken (exempel)',
    organisation,
    about: 'position',
    value: '5927400,1808900',
    value_name: null,
    reason: 'Nålen satt på fel sida vägen',
    at: iso(27 * 60 * MINUTE),
  },
]
