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
export const NOTHING_FOUND: PlacesFound = { hits: [], alike: [], nearest: false }

const entryOf = (row: PlaceRow): Entry => {
  const name = folded(row.name)
  const text = `${name} ${folded(row.district_name)}`
  return { row, name, text, words: text.split(/[^\p{L}\p{N}]+/u).filter(Boolean) }
}

/** Tells whether `word` begins `target`, one letter forgiven. */
function beginsAlmost(target: string, word: string): boolean {
  // Of the first two letters one stays, or they change places; most words end here.
  const [a, b] = [word[0], word[1]]
  const [c, d] = [target[0], target[1]]
  if (a !== c && b !== d && b !== c && a !== d) return false
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

/** In one pass, since one letter may find everything; within a part they stay as they lie: by name. */
function byBeginning(hits: Entry[], text: string): Entry[] {
  const parts: [Entry[], Entry[], Entry[]] = [[], [], []]
  for (const hit of hits) {
    parts[hit.name === text ? 0 : hit.name.startsWith(text) ? 1 : 2].push(hit)
  }
  return parts.flat()
}

function byDistance(hits: Entry[], text: string): Entry[] {
  const far = ({ name, row }: Entry): number =>
    name === text ? -1 : (row.distance ?? Number.MAX_VALUE)
  return hits.toSorted((a, b) => far(a) - far(b))
}

/** The places, folded and in the order of their names once, not at each keystroke. */
export class PlaceIndex {
  readonly #entries: Entry[]
  readonly #known: ReadonlyMap<DocumentId, Entry>
  /** The words of all names and districts: far fewer than places. */
  readonly #words: ReadonlySet<string>
  /** What was found last: whoever types on finds among that. */
  #last: { text: string; hits: Entry[] } = { text: '', hits: [] }

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
    this.#words = new Set([...known.values()].flatMap((entry) => entry.words))
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
    if (text === '') return NOTHING_FOUND
    const words = text.split(' ')
    const among =
      this.#last.text !== '' && text.startsWith(this.#last.text) ? this.#last.hits : this.#entries
    const hits = among.filter((entry) => words.every((word) => entry.text.includes(word)))
    this.#last = { text, hits }
    const nearest = hits.some(({ row }) => row.distance !== null)
    return {
      hits: (nearest ? byDistance(hits, text) : byBeginning(hits, text)).map(({ row }) => row),
      alike: hits.length < FEW_HITS ? this.#alike(words, new Set(hits)) : [],
      nearest,
    }
  }

  #alike(words: string[], hits: ReadonlySet<Entry>): PlaceRow[] {
    const meant = words.map((word) => ({ word, alike: this.#alikeWords(word) }))
    return this.#entries
      .filter(
        (entry) =>
          !hits.has(entry) &&
          meant.every(
            ({ word, alike }) =>
              entry.text.includes(word) || entry.words.some((one) => alike.has(one)),
          ),
      )
      .map(({ row }) => row)
  }

  #alikeWords(word: string): ReadonlySet<string> {
    if (word.length < LEAST_FORGIVEN) return new Set()
    return new Set([...this.#words].filter((one) => beginsAlmost(one, word)))
  }
}
