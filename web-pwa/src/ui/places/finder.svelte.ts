import { NOTHING_FOUND, PlaceIndex } from '$core/outreach/place-index.ts'
import type { PlaceRow } from '$core/outreach/page-models.ts'
import type { DocumentId } from '$core/shared/model.ts'
import type { Field } from '../field.svelte.ts'

/** A search for a place as it goes on: what is typed, and what that finds. */
export class Finder {
  readonly #field: Field
  readonly #except: DocumentId | ''
  #before: PlaceIndex | undefined
  /** Made when the places change; a keystroke only asks it. */
  readonly #index = $derived.by(() => {
    const index = new PlaceIndex(this.offered(this.#field.places({})), this.#before)
    this.#before = index
    return index
  })

  text = $state('')
  readonly searched = $derived(this.text.trim())
  /** Nothing typed does not wait for the index. */
  readonly found = $derived.by(() =>
    this.searched === '' ? NOTHING_FOUND : this.#index.find(this.text),
  )
  /** Every place, by name. */
  readonly all = $derived.by(() => this.#index.all)

  /** `except`: a place that is no answer. */
  constructor(field: Field, except: DocumentId | '' = '') {
    this.#field = field
    this.#except = except
  }

  offered(places: PlaceRow[]): PlaceRow[] {
    return this.#except === '' ? places : places.filter(({ place }) => place !== this.#except)
  }
}
