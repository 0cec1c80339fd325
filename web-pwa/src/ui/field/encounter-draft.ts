import type { EncounterFields } from '$core/outreach/intents.ts'
import type { ShownLeaflet } from '$core/shared/leaflets.ts'
import type {
  Contact,
  Encounter,
  Group,
  Language,
  MetBefore,
  Need,
  Sleeping,
  Topic,
} from '$core/shared/model.ts'

/** An encounter as it is being filled in. Plain JSON, so that it can be kept as a draft. */
export interface EncounterDraft {
  adults: number
  children: number
  group: Group
  languages: Language[]
  sleeping: Sleeping
  met_before: MetBefore
  met_by: string
  /** Re-sighting code; the answers behind it are never kept. */
  code: string | null
  needs: Need[]
  topics: Topic[]
  /** Leaflets that were shown: topic → `version/language`. */
  leaflets: Partial<Record<Topic, string>>
  contacts: Contact[]
  note: string
}

/** Returns the defaults: one adult about whom nothing is said. Enough to be saved as it is. */
export function emptyEncounter(sleeping: Sleeping = 'unknown'): EncounterDraft {
  return {
    adults: 1,
    children: 0,
    group: 'unknown',
    languages: [],
    sleeping,
    met_before: 'unknown',
    met_by: '',
    code: null,
    needs: [],
    topics: [],
    leaflets: {},
    contacts: [],
    note: '',
  }
}

/** Returns the draft that changes a recorded encounter. */
export function draftOf(encounter: Encounter): EncounterDraft {
  return {
    adults: encounter.adults,
    children: encounter.children,
    group: encounter.group,
    languages: [...encounter.languages],
    sleeping: encounter.sleeping,
    met_before: encounter.met_before,
    met_by: encounter.met_by ?? '',
    code: encounter.code,
    needs: [...encounter.needs],
    topics: Object.keys(encounter.information) as Topic[],
    leaflets: { ...encounter.information },
    contacts: [...encounter.contacts],
    note: encounter.note,
  }
}

/** Takes in leaflets that were shown meanwhile. */
export function withShown(draft: EncounterDraft, shown: readonly ShownLeaflet[]): EncounterDraft {
  const topics = shown.map((one) => one.topic).filter((topic) => !draft.topics.includes(topic))
  const leaflets = Object.fromEntries(shown.map((one) => [one.topic, one.leaflet]))
  return {
    ...draft,
    topics: [...draft.topics, ...topics],
    leaflets: { ...draft.leaflets, ...leaflets },
  }
}

/** Returns what the draft says: a leaflet stays with its topic for as long as that is chosen. */
export function fieldsOf(draft: EncounterDraft): EncounterFields {
  const { topics, leaflets, met_by, ...rest } = draft
  return {
    ...rest,
    met_by: draft.met_before === 'by_other' && met_by !== '' ? met_by : null,
    information: Object.fromEntries(topics.map((topic) => [topic, leaflets[topic] ?? ''])),
    note: draft.note.trim(),
  }
}
