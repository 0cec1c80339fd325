/** The figures of the period that is shown, and of the last periods. */

import type { EstimateReport, PeopleReport, PeriodLine } from '../../shared/generated/api.ts'
import type { NightDate } from '../../shared/model.ts'
import { Observable } from '../../shared/observable.ts'
import { Reading } from '../reading.ts'
import type { CoordinationSession } from '../session.ts'

const PERIODS = 12

export class Figures {
  readonly report: Reading<EstimateReport>
  readonly people: Reading<PeopleReport>
  readonly periods: Reading<PeriodLine[]>
  /** Holds the first night of the period that is shown; `null` for the present one. */
  readonly shown = new Observable<{ period: NightDate | null }>({ period: null })

  constructor(session: CoordinationSession) {
    this.report = new Reading(session, (api) => api.estimate(this.shown.value.period))
    this.people = new Reading(session, (api) => api.people(this.shown.value.period))
    this.periods = new Reading(session, (api) => api.periods(PERIODS))
  }

  /** Shows another period; `null` for the present one. */
  async show(period: NightDate | null): Promise<void> {
    this.shown.set({ period })
    await Promise.all([this.report.restart(), this.people.restart()])
  }
}
