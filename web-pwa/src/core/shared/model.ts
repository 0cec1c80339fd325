/** The documents as the app sees them: the types of the shared Rust core, which checks every one of them. */

export { ROLE as ROLES, type Role } from './generated/api.ts'
export {
  ACCESS as ACCESSES,
  BASIS as BASES,
  CALLEE as CALLEES,
  CONTACT as CONTACTS,
  DECISION as DECISIONS,
  GROUP as GROUPS,
  HANDLING as HANDLINGS,
  KIND as KINDS,
  LANGUAGE as LANGUAGES,
  MET_BEFORE as MET_BEFORES,
  METHOD as METHODS,
  MOST_PERSONS,
  NEED as NEEDS,
  NOTE_CHARACTERS,
  OUTCOME as OUTCOMES,
  PLACE_STATE as PLACE_STATES,
  PLACE_TYPE as PLACE_TYPES,
  PROPOSAL_ABOUT as PROPOSED,
  SLEEPING as SLEEPINGS,
  TOPIC as TOPICS,
} from './generated/model.ts'
export type {
  Access,
  Acknowledgement,
  Alert,
  Basis,
  Call,
  Callee,
  Contact,
  Content,
  Count,
  Coverage,
  DatedState,
  Decision,
  DeviceId,
  DocumentId,
  Draw,
  Encounter,
  Feedback,
  Group,
  Handling,
  Instant,
  Kind,
  Language,
  MetBefore,
  Method,
  Need,
  Outcome,
  Place,
  PlaceState,
  PlaceType,
  Proposal,
  ProposalAbout as Proposed,
  Sleeping,
  Step,
  Tip,
  Topic,
  Visit,
} from './generated/model.ts'

/** 16 lower-case hexadecimal digits: the key of a record inside a document. */
export type RecordId = string
/** An organisation's short name, e.g. `eu-teamet`. */
export type OrganisationId = string
/** `YYYY-MM-DD`: 12:00–12:00 in Stockholm, named by the date on which it starts. */
export type NightDate = string
/** The same night as days since 1970-01-01. */
export type NightNumber = number

/** Records by id. A record is never removed, only withdrawn. */
export type Records<T> = Record<RecordId, T>
