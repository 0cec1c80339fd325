/** The documents, indexed by place, that page models are made from. Mutated by the client only. */

import type { Configuration, Member } from '../../shared/member.ts'
import type { Position } from '../field-core.ts'
import type {
  Coverage,
  DocumentId,
  Draw,
  Instant,
  NightNumber,
  Place,
  Visit,
} from '../../shared/model.ts'
import { nightOf } from '../../shared/night.ts'
import type { EngineDocument } from '../engine/api.ts'
import { bestOf } from '../record.ts'
import type { Offers, View } from '../wasm-types.ts'

/** Facts of a place besides its document. */
export interface PlaceFacts {
  /** Nights on which anybody is known to have been there. */
  nights: Set<NightNumber>
  lastNight: NightNumber | null
  /** Latest night on which anybody is known to have seen the whole place. */
  lastWhole: NightNumber | null
  /** Best figure of the latest night that saw the place. */
  lastCount: number | null
  /** When this organisation last recorded something there. */
  lastUsed: Instant | null
}

const NONE: ReadonlySet<DocumentId> = new Set()

/** Returns the name of the place that a document concerns; empty when it is not known. */
export function placeName(data: PageData, view: View): string {
  if (view.kind === 'place') return view.content.name
  if (view.kind === 'feedback') return ''
  return view.content.place === null ? '' : (data.place(view.content.place)?.name ?? '')
}

/** Returns the median of the best figures of a visit's counts, rounded up; `null` without counts. */
export function bestOfVisit(visit: Visit): number | null {
  const figures = Object.values(visit.counts)
    .filter((count) => !count.withdrawn)
    .map(bestOf)
    .toSorted((a, b) => a - b)
  if (figures.length === 0) return null
  const middle = Math.floor(figures.length / 2)
  const upper = figures[middle] ?? 0
  if (figures.length % 2 === 1) return upper
  return Math.ceil(((figures[middle - 1] ?? 0) + upper) / 2)
}

/** Returns when the latest thing of a visit was recorded. */
export function latestIn(visit: Visit): Instant {
  const times = [...Object.values(visit.counts), ...Object.values(visit.encounters)].map(
    (record) => record.at,
  )
  return Math.max(visit.started, ...times)
}

export class PageData {
  documents = new Map<DocumentId, EngineDocument>()
  coverage = new Map<DocumentId, Coverage[]>()
  draw: Draw | null = null
  drawn: ReadonlySet<DocumentId> = new Set()
  authority: Offers = {}
  configuration: Configuration
  member: Member | null = null
  position: Position | null = null

  #visits = new Map<DocumentId, Set<DocumentId>>()
  #places = new Set<DocumentId>()
  #facts = new Map<DocumentId, PlaceFacts>()

  constructor(configuration: Configuration) {
    this.configuration = configuration
  }

  /** Replaces everything. */
  reset(documents: EngineDocument[], coverage: Coverage[], draw: Draw | null): void {
    this.documents.clear()
    this.coverage.clear()
    this.#visits.clear()
    this.#places.clear()
    this.#facts.clear()
    for (const document of documents) this.put(document)
    for (const row of coverage) {
      const rows = this.coverage.get(row.place)
      if (rows === undefined) this.coverage.set(row.place, [row])
      else rows.push(row)
    }
    this.setDraw(draw)
  }

  put(document: EngineDocument): void {
    const { view } = document
    this.documents.set(view.document, document)
    if (view.kind === 'place') this.#places.add(view.document)
    if (view.kind !== 'visit') return
    const place = view.content.place
    const ids = this.#visits.get(place) ?? new Set()
    ids.add(view.document)
    this.#visits.set(place, ids)
    this.#facts.delete(place)
  }

  remove(id: DocumentId): void {
    const view = this.documents.get(id)?.view
    this.documents.delete(id)
    this.#places.delete(id)
    if (view?.kind === 'visit') {
      this.#visits.get(view.content.place)?.delete(id)
      this.#facts.delete(view.content.place)
    }
  }

  setCoverage(place: DocumentId, rows: Coverage[]): void {
    if (rows.length === 0) this.coverage.delete(place)
    else this.coverage.set(place, rows)
    this.#facts.delete(place)
  }

  setDraw(draw: Draw | null): void {
    this.draw = draw
    this.drawn = new Set(draw?.places)
  }

  /** Places that count: not withdrawn, and not the same as another. */
  *places(): Generator<[DocumentId, Place]> {
    for (const id of this.#places) {
      const place = this.place(id)
      if (place !== null && !place.withdrawn && place.same_as === null) yield [id, place]
    }
  }

  place(id: DocumentId): Place | null {
    const view = this.documents.get(id)?.view
    return view?.kind === 'place' ? view.content : null
  }

  visit(id: DocumentId): Visit | null {
    const view = this.documents.get(id)?.view
    return view?.kind === 'visit' ? view.content : null
  }

  /** This organisation's visits to a place, withdrawn ones too. */
  *visitsAt(place: DocumentId): Generator<[DocumentId, Visit]> {
    for (const id of this.#visits.get(place) ?? NONE) {
      const visit = this.visit(id)
      if (visit !== null) yield [id, visit]
    }
  }

  facts(place: DocumentId): PlaceFacts {
    const known = this.#facts.get(place)
    if (known !== undefined) return known
    const facts: PlaceFacts = {
      nights: new Set(),
      lastNight: null,
      lastWhole: null,
      lastCount: null,
      lastUsed: null,
    }
    let counted: NightNumber | null = null
    const take = (night: NightNumber, whole: boolean, figure: number | null): void => {
      facts.nights.add(night)
      if (whole) facts.lastWhole = Math.max(facts.lastWhole ?? night, night)
      facts.lastNight = Math.max(facts.lastNight ?? night, night)
      if (figure === null || (counted !== null && night < counted)) return
      // Two organisations on one night observe one thing; the larger figure is nearer to it.
      facts.lastCount = night === counted ? Math.max(facts.lastCount ?? 0, figure) : figure
      counted = night
    }
    for (const [, visit] of this.visitsAt(place)) {
      if (visit.withdrawn) continue
      facts.lastUsed = Math.max(facts.lastUsed ?? 0, latestIn(visit))
      const figure = visit.access === 'no_access' ? null : bestOfVisit(visit)
      take(nightOf(visit.started), visit.access === 'complete', figure)
    }
    for (const row of this.coverage.get(place) ?? []) take(row.night, row.complete, row.count)
    this.#facts.set(place, facts)
    return facts
  }
}
