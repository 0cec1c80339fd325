/** Page models, each computed once for one state of the data and one time. */

import type { FieldCore } from '../field-core.ts'
import type { PlaceQuery } from '../page-models.ts'
import type { Count, DocumentId, Instant } from '../../shared/model.ts'
import { alertModel, alertModels } from '../pages/alerts.ts'
import { may } from '../pages/authority.ts'
import { checkCount } from '../pages/checks.ts'
import { allConflicts } from '../pages/conflicts.ts'
import { outboxRows } from '../pages/outbox-rows.ts'
import type { PageData } from '../pages/data.ts'
import { nightDate } from '../../shared/night.ts'
import { allRows, periodStart, queryPlaces } from '../pages/place-rows.ts'
import { homeModel } from '../pages/home.ts'
import { placeModel } from '../pages/place.ts'
import { suggestion } from '../pages/suggestion.ts'
import { visitModel } from '../pages/visits.ts'

type Models = Pick<
  FieldCore,
  | 'home'
  | 'places'
  | 'place'
  | 'visit'
  | 'alerts'
  | 'alert'
  | 'period'
  | 'conflicts'
  | 'outbox'
  | 'suggestion'
  | 'check'
  | 'may'
>

export class PageModels implements Models {
  readonly data: PageData
  #cache = new Map<string, unknown>()
  #now = 0

  constructor(data: PageData) {
    this.data = data
  }

  /** Called whenever the data has changed. */
  changed(): void {
    this.#cache.clear()
  }

  #once<T>(key: string, now: Instant, make: () => T): T {
    if (now !== this.#now) {
      this.#cache.clear()
      this.#now = now
    }
    if (!this.#cache.has(key)) this.#cache.set(key, make())
    return this.#cache.get(key) as T
  }

  #rows = (now: Instant) => this.#once('rows', now, () => allRows(this.data, now))

  home = (now: Instant) => this.#once('home', now, () => homeModel(this.data, now, this.#rows(now)))

  places = (query: PlaceQuery, now: Instant) =>
    this.#once(`places/${JSON.stringify(query)}`, now, () =>
      queryPlaces(this.data, query, now, this.#rows(now)),
    )

  place = (document: DocumentId, now: Instant) =>
    this.#once(`place/${document}`, now, () => placeModel(this.data, document, now))

  visit = (document: DocumentId, now: Instant) =>
    this.#once(`visit/${document}`, now, () => visitModel(this.data, document, now))

  suggestion = (now: Instant) =>
    this.#once('suggestion', now, () => suggestion(this.data, now, this.#rows(now)))

  alerts = (now: Instant) => this.#once('alerts', now, () => alertModels(this.data, now))
  alert = (document: DocumentId, now: Instant) =>
    this.#once(`alert/${document}`, now, () => alertModel(this.data, document, now))
  period = (now: Instant) => nightDate(periodStart(this.data, now))
  conflicts = () => allConflicts(this.data)
  outbox = () => outboxRows(this.data)
  check = (count: Partial<Count>, place: DocumentId | null, now: Instant) =>
    checkCount(this.data, count, place, now)
  may: FieldCore['may'] = (document, path, act) => may(this.data, document, path, act)
}
