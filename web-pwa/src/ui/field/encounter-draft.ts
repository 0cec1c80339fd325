import type { EncounterFields } from '$core/field-core.ts'
import type {
  Contact,
  Encounter,
  Group,
  Language,
  MetBefore,
  Need,
  Sleeping,
  Topic,
} from '$core/model.ts'

/** An encounter as it is being filled in. Plain JSON, so that it can be kept as a draft. */
export interface EncounterDraft {
  adults: number
  children: number
  group: Group
  languages: Language[]
  sleeping: Sleeping
  met_before: MetBefore
  met_by: string
  needs: Need[]
  topics: Topic[]
  contacts: Contact[]
  note: string
}

/** The defaults: one adult about whom nothing is said. Enough to be saved as it is. */
export function emptyEncounter(sleeping: Sleeping = 'unknown'): EncounterDraft {
  return {
    adults: 1,
    children: 0,
    group: 'unknown',
    languages: [],
    sleeping,
    met_before: 'unknown',
    met_by: '',
    needs: [],
    topics: [],
    contacts: [],
    note: '',
  }
}

/** The draft that changes a recorded encounter. */
export function draftOf(encounter: Encounter): EncounterDraft {
  return {
    adults: encounter.adults,
    children: encounter.children,
    group: encounter.group,
    languages: [...encounter.languages],
    sleeping: encounter.sleeping,
    met_before: encounter.met_before,
    met_by: encounter.met_by ?? '',
    needs: [...encounter.needs],
    topics: Object.keys(encounter.information) as Topic[],
    contacts: [...encounter.contacts],
    note: encounter.note,
  }
}

/** What the draft says. Leaflets named in `before` stay with the topics that are still chosen. */
export function fieldsOf(draft: EncounterDraft, before?: Encounter): EncounterFields {
  const { topics, met_by, ...rest } = draft
  return {
    ...rest,
    met_by: draft.met_before === 'by_other' && met_by !== '' ? met_by : null,
    information: Object.fromEntries(
      topics.map((topic) => [topic, before?.information[topic] ?? '']),
    ),
    note: draft.note.trim(),
  }
}
