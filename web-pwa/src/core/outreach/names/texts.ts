/** The free texts of what is about to be saved. */

import type { Intent } from '../intents.ts'
import type { About } from './find.ts'

export interface FreeText {
  text: string
  about: About
}

/** Returns the texts that somebody has written just now: what stood there before was asked about then. */
export function textsOf(intent: Intent): FreeText[] {
  const place = (...texts: (string | undefined)[]): FreeText[] => of('place', texts)
  const person = (...texts: (string | undefined)[]): FreeText[] => of('person', texts)
  switch (intent.type) {
    case 'count':
    case 'no_access':
    case 'encounter':
      return [
        ...('new_place' in intent.where
          ? place(intent.where.new_place.name, intent.where.new_place.note)
          : []),
        ...place(intent.visit?.note),
        ...(intent.type === 'encounter' ? person(intent.encounter.note) : []),
      ]
    case 'edit_encounter':
      return person(changed(intent.base.note, intent.change.note))
    case 'edit_visit':
      return place(changed(intent.base.note, intent.change.note))
    case 'new_place':
      return place(intent.place.name, intent.place.note)
    case 'edit_place':
      return place(
        changed(intent.base.name, intent.change.name),
        changed(intent.base.note, intent.change.note),
      )
    case 'propose':
      return place(
        ['name', 'note'].includes(intent.proposal.about) ? intent.proposal.value : '',
        intent.proposal.reason,
      )
    case 'tip':
      return place(intent.tip.from, intent.tip.text)
    case 'alert':
      // Where somebody in need is must be said; what must not be is asked about all the same.
      return [
        ...place(intent.alert.note),
        ...person(...intent.calls.map(({ answered_by }) => answered_by)),
      ]
    case 'call':
      return person(intent.call.answered_by)
    case 'answered':
      return person(intent.answered_by)
    case 'edit_alert':
      return place(changed(intent.base.note, intent.change.note))
    case 'edit_count':
    case 'place_state':
    case 'withdraw_record':
    case 'choose':
    case 'undo':
      return []
  }
}

const of = (about: About, texts: (string | undefined)[]): FreeText[] =>
  texts.flatMap((text) => (text === undefined || text.trim() === '' ? [] : [{ text, about }]))

const changed = (before: string, now: string | undefined): string | undefined =>
  now === before ? undefined : now
