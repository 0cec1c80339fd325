/** Finds places by what somebody types: among ten thousand, between two keystrokes. */

import { folded } from '../shared/fold.ts'
import type { DocumentId } from '../shared/model.ts'
import type { PlaceRow } from './page-models.ts'

/** With fewer hits than this, names that are one letter off are shown too. */
const FEW_HITS = 5
/** In a shorter word, one letter makes it another word. */
const LEAST_FORGIVEN = 4

/** What was found, each list whole: whoever shows a part of it says so. */
export interface PlacesFound {
  /** Places that match every word: of exactly that name first, then the nearest, or by name. */
  hits: PlaceRow[]
  /** Places that would match if one letter a word were another, missing, too many or swapped. */
  alike: PlaceRow[]
  /** Whether the hits are in the order of their distance. */
  nearest: boolean
}

interface Entry {
  row: PlaceRow
  /** The name as it is compared. */
  name: string
  /** Name and district as they are compared. */
  text: string
  words: string[]
}

const collator = new Intl.Collator('sv', { numeric: true })
const NOTHING: PlacesFound = { hits: [], alike: [], nearest: false }

const entryOf = (row: PlaceRow): Entry => {
  const name = folded(row.name)
  const text = `${name} ${folded(row.district_name)}`
  return { row, name, text, words: text.split(/[^\p{L}\p{N}]+/u).filter(Boolean) }
}

/** Tells whether `word` begins `target`, one letter forgiven. */
function beginsAlmost(target: string, word: string): boolean {
  let at = 0
  while (at < word.length && word[at] === target[at]) at += 1
  if (at === word.length) return true
  const rest = word.slice(at + 1)
  return (
    // Another letter, one too many, one missing, two swapped.
    target.startsWith(rest, at + 1) ||
    target.startsWith(rest, at) ||
    target.startsWith(word.slice(at), at + 1) ||
    (word[at] === target[at + 1] &&
      word[at + 1] === target[at] &&
      target.startsWith(word.slice(at + 2), at + 2))
  )
}

/** The places, folded and in the order of their names once, not at each keystroke. */
export class PlaceIndex {
  readonly #entries: Entry[]
  readonly #known: ReadonlyMap<DocumentId, Entry>

  /** What `before` knows of a place whose name and district are the same is not made again. */
  constructor(rows: readonly PlaceRow[], before?: PlaceIndex) {
    const known = new Map<DocumentId, Entry>()
    const old = before ? before.#known : known
    for (const row of rows) {
      const entry = old.get(row.place)
      const same = entry?.row.name === row.name && entry.row.district_name === row.district_name
      known.set(row.place, same ? { ...entry, row } : entryOf(row))
    }
    this.#known = known
    // In the order of before, so that sorting finds little to do.
    const kept = before ? before.#entries.flatMap(({ row }) => known.get(row.place) ?? []) : []
    const fresh = [...known.values()].filter(({ row }) => !before?.has(row.place))
    this.#entries = [...kept, ...fresh].toSorted((a, b) => collator.compare(a.row.name, b.row.name))
  }

  has(place: DocumentId): boolean {
    return this.#known.has(place)
  }

  /** Every place, by name. */
  get all(): PlaceRow[] {
    return this.#entries.map(({ row }) => row)
  }

  find(typed: string): PlacesFound {
    const text = folded(typed)
    if (text === '') return NOTHING
    const words = text.split(' ')
    const hits = this.#entries.filter((entry) => words.every((word) => entry.text.includes(word)))
    const nearest = hits.some(({ row }) => row.distance !== null)
    const first = (entry: Entry): number =>
      entry.name === text ? 0 : nearest || entry.name.startsWith(text) ? 1 : 2
    const far = ({ row }: Entry): number => row.distance ?? Number.MAX_VALUE
    return {
      // The entries lie by name, and sorting keeps what is equal as it lies.
      hits: hits.toSorted((a, b) => first(a) - first(b) || far(a) - far(b)).map(({ row }) => row),
      alike: hits.length < FEW_HITS ? this.#alike(words, new Set(hits)) : [],
      nearest,
    }
  }

  #alike(words: string[], hits: ReadonlySet<Entry>): PlaceRow[] {
    const meant = (entry: Entry, word: string): boolean =>
      entry.text.includes(word) ||
      (word.length >= LEAST_FORGIVEN && entry.words.some((one) => beginsAlmost(one, word)))
    return this.#entries
      .filter((entry) => !hits.has(entry) && words.every((word) => meant(entry, word)))
      .map(({ row }) => row)
  }
}
