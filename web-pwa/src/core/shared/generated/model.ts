// Generated from core-types.json by `npm run generate`: not to be changed by hand.

export type paths = Record<string, never>
export type webhooks = Record<string, never>
export interface components {
  schemas: {
    /** @enum {string} */
    Access: 'complete' | 'partial' | 'no_access'
    /** @description Somebody says: I have this. */
    Acknowledgement: {
      /** @description By the phone's clock. */
      at: components['schemas']['Instant']
      /** @description The device it came from. */
      by: components['schemas']['DeviceId']
      /** @description The next step, in words. */
      note: string
      withdrawn: boolean
    }
    /** @description An acute need. One document. */
    Alert: {
      /** @description Acknowledgements by people, by record id. */
      acknowledgements: components['schemas']['Records_Acknowledgement']
      /** @description Calls made, by record id. */
      calls: components['schemas']['Records_Call']
      /** @description The category of the agreement. */
      category: components['schemas']['Need']
      closed: components['schemas']['Instant'] | null
      /** @description The help that is needed; never a name. */
      note: string
      /** @description When it was raised. */
      opened: components['schemas']['Instant']
      outcome: components['schemas']['Outcome']
      place: components['schemas']['DocumentId'] | null
      withdrawn: boolean
    }
    /** @description Who made a document and its records, and who changed what afterwards. */
    Authorship: {
      made_by: components['schemas']['DeviceId'] | null
      /** @description The devices that made records, by `counts/<record>`, where it was another. */
      records: {
        [key: string]: components['schemas']['DeviceId']
      }
      /**
       * @description Values that another than their record's maker has written since, and everything that
       *     was withdrawn.
       */
      said: components['schemas']['Said'][]
    }
    /** @enum {string} */
    Basis: 'chosen' | 'drawn'
    /** @description A call about the need. */
    Call: {
      /** @description Who answered: a role, never a name. Empty when nobody did. */
      answered_by: string
      /** @description By the phone's clock. */
      at: components['schemas']['Instant']
      to: components['schemas']['Callee']
      withdrawn: boolean
    }
    /** @enum {string} */
    Callee: 'emergency' | 'duty_service' | 'eu_team' | 'police' | 'care_advice' | 'other'
    /**
     * @description The kinds of chunk.
     * @enum {string}
     */
    ChunkKind: 'snapshot' | 'change'
    /**
     * @description A set of codes. In a document: a map from code to `true`, so that two phones
     *     that add different codes both keep theirs.
     */
    CodeSet_Contact: components['schemas']['Contact'][]
    /**
     * @description A set of codes. In a document: a map from code to `true`, so that two phones
     *     that add different codes both keep theirs.
     */
    CodeSet_Language: components['schemas']['Language'][]
    /**
     * @description A set of codes. In a document: a map from code to `true`, so that two phones
     *     that add different codes both keep theirs.
     */
    CodeSet_Need: components['schemas']['Need'][]
    /** @description A field with several values. */
    Conflict: {
      /** @description Keys from the root to the field. */
      path: string[]
      /** @description The values, the shown one first. */
      values: components['schemas']['ConflictingValue'][]
    }
    /** @description One of a field's values. */
    ConflictingValue: {
      at?: components['schemas']['Instant'] | null
      device: components['schemas']['DeviceId'] | null
      /** @description Names the write; hand it back to choose this value. */
      op: string
      value: unknown
      /** @description Whether this is the one that is shown until somebody chooses. */
      winner: boolean
    }
    /** @enum {string} */
    Contact:
      | 'police'
      | 'regional_coordinator'
      | 'health_care'
      | 'duty_service'
      | 'eu_team'
      | 'partner'
      | 'embassy'
      | 'other'
    /** @description The content of a document, typed by its kind. */
    Content:
      | {
          content: components['schemas']['Visit']
          /** @enum {string} */
          kind: 'visit'
        }
      | {
          content: components['schemas']['Place']
          /** @enum {string} */
          kind: 'place'
        }
      | {
          content: components['schemas']['Alert']
          /** @enum {string} */
          kind: 'alert'
        }
      | {
          content: components['schemas']['Feedback']
          /** @enum {string} */
          kind: 'feedback'
        }
    /**
     * @description One observation of how many people were at the place. Evidence, never a
     *     part of a sum: two counts of a visit are two observations of one thing.
     */
    Count: {
      /** Format: int32 */
      adults: number
      /** @description By the phone's clock. */
      at: components['schemas']['Instant']
      /** Format: int32 */
      children: number
      /**
       * Format: int32
       * @description Of these persons, citizens of the EU or the EEA, where the worker could tell.
       */
      eu_eea: number | null
      /**
       * Format: int32
       * @description At most this many, where the worker was unsure.
       */
      high: number | null
      /**
       * Format: int32
       * @description At least this many, where the worker was unsure.
       */
      low: number | null
      /** @description How the count was made. */
      method: components['schemas']['Method']
      /** @description The device of the worker who counted. */
      observer: components['schemas']['DeviceId']
      /**
       * Format: int32
       * @description Persons in the open tents.
       */
      persons_in_opened: number | null
      /** @description Where they sleep. */
      sleeping: components['schemas']['Sleeping']
      /** Format: int32 */
      tents: number | null
      /**
       * Format: int32
       * @description Of these, tents that stood open.
       */
      tents_opened: number | null
      /**
       * Format: int32
       * @description Of these persons, third-country nationals, where the worker could tell.
       */
      third_country: number | null
      /**
       * Format: int32
       * @description Persons whose age could not be told.
       */
      unknown: number
      withdrawn: boolean
    }
    /** @description Another organisation's visits to a place on one night: no encounters, no people. */
    Coverage: {
      /** @description Whether it saw the whole place. */
      complete: boolean
      /**
       * Format: int32
       * @description Its figure (the median of its counts); `None` without access, or when
       *     the visit was taken back.
       */
      count: number | null
      /**
       * Format: int64
       * @description The night, days since 1970-01-01.
       */
      night: number
      /** @description The organisation's short name. */
      organisation: string
      place: components['schemas']['DocumentId']
      /** @description Whether there is a visit at all; `false` tells the phone to drop the row. */
      present: boolean
    }
    /** @description The state of the place on a date. */
    DatedState: {
      /** @description Holds from then on. */
      at: components['schemas']['Instant']
      state: components['schemas']['PlaceState']
      withdrawn: boolean
    }
    /** @enum {string} */
    Decision: 'accepted' | 'declined'
    /**
     * @description An enrolled device: 8 random bytes that the server gave it. The actor id of
     *     each of its changes starts with them.
     */
    DeviceId: string
    /**
     * @description A document: 16 bytes, 32 hexadecimal digits as text. Whoever makes one takes
     *     [`DocumentId::made`]; a reader must not rely on it.
     */
    DocumentId: string
    /** @description A document's row: all that the replica knows of it without having it in memory. */
    DocumentRow: {
      /**
       * Format: int32
       * @description How many chunks are stored.
       */
      chunk_count: number
      document: components['schemas']['DocumentId']
      kind: components['schemas']['Kind']
      /**
       * Format: int32
       * @description The number of the next chunk.
       */
      next_sequence: number
      /** @description Whether it belongs to the phone's own organisation: a place may be another's. */
      own?: boolean
      /**
       * Format: int32
       * @description How many changes this phone has made to it in all.
       */
      own_changes: number
      receipt?: components['schemas']['Receipt'] | null
      rejected: components['schemas']['RejectedRow'] | null
      /** @description Whether the server was restored since, and may lack what the receipt is for. */
      relay?: boolean
      /** @description Heads that the server is known to hold on disk. */
      server_heads: components['schemas']['Hash'][]
      /**
       * Format: int32
       * @description How many own changes the server does not have yet.
       */
      unsent: number
      view: components['schemas']['View']
    }
    /** @description The places drawn for a period. */
    Draw: {
      /**
       * Format: int64
       * @description When the draw was made, milliseconds since 1970 UTC; 0 when none was made yet.
       */
      drawn_at: number
      /**
       * Format: int64
       * @description First night of the period, days since 1970-01-01.
       */
      period: number
      /** @description The drawn places. */
      places: components['schemas']['DocumentId'][]
    }
    /** @description A meeting with one or more persons. Holds nothing that names anybody. */
    Encounter: {
      /** Format: int32 */
      adults: number
      /** @description By the phone's clock. */
      at: components['schemas']['Instant']
      /** Format: int32 */
      children: number
      /** @description Re-sighting code: 12 characters of a keyed hash made on the phone. */
      code: string | null
      contacts: components['schemas']['CodeSet_Contact']
      group: components['schemas']['Group']
      /** @description Information given: topic → the leaflet's `version/language`, empty when told orally. */
      information: {
        complaints?: string
        health_care?: string
        obligations?: string
        rights?: string
        shelter?: string
        travel?: string
        work?: string
      }
      /** @description Languages that were spoken. */
      languages: components['schemas']['CodeSet_Language']
      /** @description Met earlier in this period? */
      met_before: components['schemas']['MetBefore']
      /** @description By which organisation, when by another. */
      met_by: string | null
      needs: components['schemas']['CodeSet_Need']
      /** @description Free text: about needs and situation, never a name. */
      note: string
      /** @description The device of the worker. */
      observer: components['schemas']['DeviceId']
      /** @description Where they sleep. */
      sleeping: components['schemas']['Sleeping']
      withdrawn: boolean
    }
    /** @description A view or a complaint. One document. */
    Feedback: {
      /** @description About which organisation; none means the partnership. */
      about: string | null
      /** @description By the server's clock. */
      at: components['schemas']['Instant']
      /** @description In which language. */
      language: components['schemas']['Language']
      /** @description The reply, to be read by whoever holds the feedback's code. */
      reply: string
      /** @description Steps of its handling, by record id. */
      steps: components['schemas']['Records_Step']
      /** @description The visitor's own words. */
      text: string
      withdrawn: boolean
    }
    /** @enum {string} */
    Group: 'eu_eea' | 'third_country' | 'unknown'
    /** @enum {string} */
    Handling: 'received' | 'investigating' | 'answered' | 'closed'
    /** @description The SHA-256 of a change: its name everywhere. */
    Hash: string
    /**
     * Format: int64
     * @description An instant: milliseconds since 1970-01-01 UTC.
     */
    Instant: number
    /** @enum {string} */
    Kind: 'visit' | 'place' | 'alert' | 'feedback'
    /** @enum {string} */
    Language:
      'sv' | 'en' | 'ro' | 'bg' | 'pl' | 'es' | 'fr' | 'uk' | 'ru' | 'ar' | 'tr' | 'de' | 'other'
    /** @description How far the replica has read the server's log. */
    Meta: {
      /**
       * @description Whether the server was restored and the phone has not yet read all that
       *     it still holds.
       */
      behind?: boolean
      /**
       * Format: int64
       * @description The cursor into the server's log.
       */
      cursor: number
      draw: components['schemas']['Draw'] | null
      /**
       * Format: int64
       * @description The server's epoch; 0 before the first reply.
       */
      epoch: number
      /**
       * Format: int64
       * @description In the middle of a reading, the cursor at which it began.
       */
      since?: number | null
    }
    /** @enum {string} */
    MetBefore: 'unknown' | 'no' | 'by_us' | 'by_other'
    /** @enum {string} */
    Method: 'seen' | 'tents' | 'reported'
    /** @enum {string} */
    Need:
      | 'child_at_risk'
      | 'pregnancy'
      | 'substance_use'
      | 'mental_health'
      | 'older_person'
      | 'disability'
      | 'health'
      | 'shelter'
      | 'exploitation'
    /** @enum {string} */
    Outcome: 'open' | 'taken_over' | 'helped' | 'declined' | 'not_found' | 'mistake'
    /** @description A place. One document. */
    Place: {
      /** @description When the place was first recorded. */
      created: components['schemas']['Instant']
      /** @description The district's code, e.g. `sodermalm`; the list is configuration. */
      district: string
      /** @description Whether the position is exact. */
      exact: boolean
      /**
       * Format: int64
       * @description Latitude in 1e-5 degrees north (about 1 m); coarse (100 m) unless a coordinator marked it exact.
       */
      latitude: number | null
      /**
       * Format: int64
       * @description Longitude in 1e-5 degrees east.
       */
      longitude: number | null
      /** @description The name in use among workers. */
      name: string
      /** @description Free text about how to find it. */
      note: string
      place_type: components['schemas']['PlaceType']
      /**
       * @description Proposals of those who may not change it themselves, by record id. Places of before
       *     there were any have no such map.
       */
      proposals?: components['schemas']['Records_Proposal']
      same_as: components['schemas']['DocumentId'] | null
      /** @description Dated states, by record id. The latest date counts. */
      states: components['schemas']['Records_DatedState']
      /** @description Tips, by record id. */
      tips: components['schemas']['Records_Tip']
      /** @description Taken back: recorded by mistake. */
      withdrawn: boolean
    }
    /** @enum {string} */
    PlaceState: 'active' | 'empty' | 'evicted' | 'unknown'
    /** @enum {string} */
    PlaceType:
      'settlement' | 'sleeping_place' | 'street' | 'park' | 'public_building' | 'service' | 'other'
    /** @description A proposal for a place that is another organisation's, or that only the desk may do. */
    Proposal: {
      /** @description The field that it is about. */
      about: components['schemas']['ProposalAbout']
      /** @description When it was made. */
      at: components['schemas']['Instant']
      decided: components['schemas']['Instant'] | null
      decision: components['schemas']['Decision'] | null
      /** @description Why; never a name of a person. */
      reason: string
      /** @description The proposed value, as text; see [`ProposalAbout`]. */
      value: string
      withdrawn: boolean
    }
    /** @enum {string} */
    ProposalAbout:
      'name' | 'place_type' | 'district' | 'position' | 'exact' | 'same_as' | 'withdrawn' | 'note'
    /** @description A server's word that it held some changes and all that they build on. */
    Receipt: {
      heads: components['schemas']['Hash'][]
      /** @description The word: opaque bytes. */
      word: number[]
    }
    /** @description Records by their ids, in order. */
    Records_Acknowledgement: {
      [key: string]: components['schemas']['Acknowledgement']
    }
    /** @description Records by their ids, in order. */
    Records_Call: {
      [key: string]: components['schemas']['Call']
    }
    /** @description Records by their ids, in order. */
    Records_Count: {
      [key: string]: components['schemas']['Count']
    }
    /** @description Records by their ids, in order. */
    Records_DatedState: {
      [key: string]: components['schemas']['DatedState']
    }
    /** @description Records by their ids, in order. */
    Records_Encounter: {
      [key: string]: components['schemas']['Encounter']
    }
    /** @description Records by their ids, in order. */
    Records_Proposal: {
      [key: string]: components['schemas']['Proposal']
    }
    /** @description Records by their ids, in order. */
    Records_Step: {
      [key: string]: components['schemas']['Step']
    }
    /** @description Records by their ids, in order. */
    Records_Tip: {
      [key: string]: components['schemas']['Tip']
    }
    /** @description A refusal by the server, kept until a later change is accepted. */
    RejectedRow: {
      code: string
      detail: string
    }
    /** @description A value that somebody put in the place of another's. */
    Said: {
      at: components['schemas']['Instant'] | null
      device: components['schemas']['DeviceId']
      /** @description Keys from the root to the field. */
      path: string[]
    }
    /** @enum {string} */
    Sleeping:
      | 'outdoors'
      | 'public_building'
      | 'tent'
      | 'shack'
      | 'car'
      | 'caravan'
      | 'night_shelter'
      | 'acquaintances'
      | 'unknown'
    /** @description A step of the handling. */
    Step: {
      /** @description By the server's clock. */
      at: components['schemas']['Instant']
      /** @description The follow-up of the feedback. */
      handling: components['schemas']['Handling']
      /** @description Why, or what was found. */
      note: string
      withdrawn: boolean
    }
    /** @description A tip that people stay here. */
    Tip: {
      /** @description By the server's clock. */
      at: components['schemas']['Instant']
      checked: components['schemas']['Instant'] | null
      /** @description From whom: a role or an organisation, never a name. */
      from: string
      /** @description The tip's own words. */
      text: string
      withdrawn: boolean
    }
    /** @enum {string} */
    Topic: 'rights' | 'obligations' | 'complaints' | 'health_care' | 'shelter' | 'travel' | 'work'
    /** @description A document as the app shows it. */
    View: {
      /**
       * @description Who said it: an [`Authorship`](crate::document::Authorship) as JSON. (Typed, the
       *     browser's program would hold one more reader that nothing there needs.)
       */
      by?: unknown
      /** @description Fields with several values that wait for a choice. */
      conflicts: components['schemas']['Conflict'][]
      /** @description Its content, the model's fields as JSON. */
      content: unknown
      document: components['schemas']['DocumentId']
      kind: components['schemas']['Kind']
    }
    /** @description A visit to a place. One document. */
    Visit: {
      /** @description How much of the place was seen. */
      access: components['schemas']['Access']
      /** @description Whether the place was drawn or chosen. */
      basis: components['schemas']['Basis']
      /** @description Counts, by record id. */
      counts: components['schemas']['Records_Count']
      /** @description Encounters, by record id. */
      encounters: components['schemas']['Records_Encounter']
      ended: components['schemas']['Instant'] | null
      /** @description Free text: about the place and the situation, never about a person. */
      note: string
      /** @description The place that was visited. */
      place: components['schemas']['DocumentId']
      /** @description When the visit began. Decides the night. */
      started: components['schemas']['Instant']
      /** @description Whether shelters had opened extra rooms for the cold. */
      weather_opening: boolean
      /** @description Taken back: the visit was recorded by mistake. */
      withdrawn: boolean
    }
  }
  responses: never
  parameters: never
  requestBodies: never
  headers: never
  pathItems: never
}
export type Access = components['schemas']['Access']
export type Acknowledgement = components['schemas']['Acknowledgement']
export type Alert = components['schemas']['Alert']
export type Authorship = components['schemas']['Authorship']
export type Basis = components['schemas']['Basis']
export type Call = components['schemas']['Call']
export type Callee = components['schemas']['Callee']
export type ChunkKind = components['schemas']['ChunkKind']
export type CodeSetContact = components['schemas']['CodeSet_Contact']
export type CodeSetLanguage = components['schemas']['CodeSet_Language']
export type CodeSetNeed = components['schemas']['CodeSet_Need']
export type Conflict = components['schemas']['Conflict']
export type ConflictingValue = components['schemas']['ConflictingValue']
export type Contact = components['schemas']['Contact']
export type Content = components['schemas']['Content']
export type Count = components['schemas']['Count']
export type Coverage = components['schemas']['Coverage']
export type DatedState = components['schemas']['DatedState']
export type Decision = components['schemas']['Decision']
export type DeviceId = components['schemas']['DeviceId']
export type DocumentId = components['schemas']['DocumentId']
export type DocumentRow = components['schemas']['DocumentRow']
export type Draw = components['schemas']['Draw']
export type Encounter = components['schemas']['Encounter']
export type Feedback = components['schemas']['Feedback']
export type Group = components['schemas']['Group']
export type Handling = components['schemas']['Handling']
export type Hash = components['schemas']['Hash']
export type Instant = components['schemas']['Instant']
export type Kind = components['schemas']['Kind']
export type Language = components['schemas']['Language']
export type Meta = components['schemas']['Meta']
export type MetBefore = components['schemas']['MetBefore']
export type Method = components['schemas']['Method']
export type Need = components['schemas']['Need']
export type Outcome = components['schemas']['Outcome']
export type Place = components['schemas']['Place']
export type PlaceState = components['schemas']['PlaceState']
export type PlaceType = components['schemas']['PlaceType']
export type Proposal = components['schemas']['Proposal']
export type ProposalAbout = components['schemas']['ProposalAbout']
export type Receipt = components['schemas']['Receipt']
export type RecordsAcknowledgement = components['schemas']['Records_Acknowledgement']
export type RecordsCall = components['schemas']['Records_Call']
export type RecordsCount = components['schemas']['Records_Count']
export type RecordsDatedState = components['schemas']['Records_DatedState']
export type RecordsEncounter = components['schemas']['Records_Encounter']
export type RecordsProposal = components['schemas']['Records_Proposal']
export type RecordsStep = components['schemas']['Records_Step']
export type RecordsTip = components['schemas']['Records_Tip']
export type RejectedRow = components['schemas']['RejectedRow']
export type Said = components['schemas']['Said']
export type Sleeping = components['schemas']['Sleeping']
export type Step = components['schemas']['Step']
export type Tip = components['schemas']['Tip']
export type Topic = components['schemas']['Topic']
export type View = components['schemas']['View']
export type Visit = components['schemas']['Visit']
export type $defs = Record<string, never>
export type operations = Record<string, never>

export const ACCESS = ['complete', 'partial', 'no_access'] as const
export const BASIS = ['chosen', 'drawn'] as const
export const CALLEE = [
  'emergency',
  'duty_service',
  'eu_team',
  'police',
  'care_advice',
  'other',
] as const
export const CHUNK_KIND = ['snapshot', 'change'] as const
export const CONTACT = [
  'police',
  'regional_coordinator',
  'health_care',
  'duty_service',
  'eu_team',
  'partner',
  'embassy',
  'other',
] as const
export const DECISION = ['accepted', 'declined'] as const
export const GROUP = ['eu_eea', 'third_country', 'unknown'] as const
export const HANDLING = ['received', 'investigating', 'answered', 'closed'] as const
export const KIND = ['visit', 'place', 'alert', 'feedback'] as const
export const LANGUAGE = [
  'sv',
  'en',
  'ro',
  'bg',
  'pl',
  'es',
  'fr',
  'uk',
  'ru',
  'ar',
  'tr',
  'de',
  'other',
] as const
export const MET_BEFORE = ['unknown', 'no', 'by_us', 'by_other'] as const
export const METHOD = ['seen', 'tents', 'reported'] as const
export const NEED = [
  'child_at_risk',
  'pregnancy',
  'substance_use',
  'mental_health',
  'older_person',
  'disability',
  'health',
  'shelter',
  'exploitation',
] as const
export const OUTCOME = ['open', 'taken_over', 'helped', 'declined', 'not_found', 'mistake'] as const
export const PLACE_STATE = ['active', 'empty', 'evicted', 'unknown'] as const
export const PLACE_TYPE = [
  'settlement',
  'sleeping_place',
  'street',
  'park',
  'public_building',
  'service',
  'other',
] as const
export const PROPOSAL_ABOUT = [
  'name',
  'place_type',
  'district',
  'position',
  'exact',
  'same_as',
  'withdrawn',
  'note',
] as const
export const SLEEPING = [
  'outdoors',
  'public_building',
  'tent',
  'shack',
  'car',
  'caravan',
  'night_shelter',
  'acquaintances',
  'unknown',
] as const
export const TOPIC = [
  'rights',
  'obligations',
  'complaints',
  'health_care',
  'shelter',
  'travel',
  'work',
] as const
export const MOST_PERSONS = 5000
export const NOTE_CHARACTERS = 4000
