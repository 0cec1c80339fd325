import { Failure, type FailureCode } from '$core/shared/failure.ts'
import type { FieldCore } from '$core/outreach/field-core.ts'
import type { Intent, Saved, UndoToken } from '$core/outreach/intents.ts'
import { router, type Route } from './router.svelte.ts'

/** How long something can be undone from the bar. */
const UNDO_MS = 60_000
/** Pages on which something is filled in. */
const FORMS: ReadonlySet<Route['page']> = new Set([
  'count',
  'edit-count',
  'encounter',
  'edit-encounter',
  'new-place',
])
/** How long a receipt without an undo stays. */
const PLAIN_MS = 6_000

/** The text of the bar at the bottom. */
export type Receipt =
  { type: 'done'; text: string; undo: UndoToken | null } | { type: 'failed'; code: FailureCode }

/**
 * The one place where something is recorded from the screens: says that it is
 * saved only once it is, confirms with a short vibration, offers to undo.
 */
class Receipts {
  #receipt = $state.raw<Receipt | null>(null)
  #busy = $state(false)
  /** Somebody is being asked whether it may be saved. */
  #asking = false
  #timer: ReturnType<typeof setTimeout> | undefined
  /** The page on which what was just saved is told; `null` until the page after the save is known. */
  #told = $state.raw<Route | null>(null)

  /**
   * Whether an intent may be saved; asks about what looks like names. Comes with the pages
   * that have forms, so that no form can be without it.
   */
  guard: (intent: Intent) => Promise<boolean> = () => Promise.resolve(true)

  /** Returns what the bar says; `null` when there is nothing to say. */
  get receipt(): Receipt | null {
    return this.#receipt
  }

  /**
   * Returns what the bar says on a page. Above a form that is not saved, nothing says
   * "saved" of something else: only the page that a save led to tells of it.
   */
  on(route: Route): Receipt | null {
    if (this.#receipt?.type !== 'done' || this.#told === null) return this.#receipt
    return FORMS.has(route.page) && route !== this.#told ? null : this.#receipt
  }

  /** Returns whether something is being saved. */
  get busy(): boolean {
    return this.#busy
  }

  /**
   * Records something; `text` says what, once it is durable. What has the `id` of something
   * that was saved is not saved again. Gives `null` when it could not be saved.
   */
  async save(core: FieldCore, intent: Intent, text: string, id?: string): Promise<Saved | null> {
    // A second tap while the first is being saved is the same tap.
    if (this.#busy || this.#asking) return null
    this.#asking = true
    const sure = await this.guard(intent).finally(() => {
      this.#asking = false
    })
    if (!sure) return null
    this.#busy = true
    try {
      const saved = await core.dispatch(intent, () => void navigator.vibrate?.(30), id)
      this.#show({ type: 'done', text, undo: saved.undo }, saved.undo ? UNDO_MS : PLAIN_MS)
      return saved
    } catch (error) {
      this.fail(error)
      return null
    } finally {
      this.#busy = false
    }
  }

  /** Takes back what the bar offers to undo. */
  async undo(core: FieldCore, text: string): Promise<void> {
    const receipt = this.#receipt
    if (receipt?.type !== 'done' || !receipt.undo) return
    await this.save(core, { type: 'undo', undo: receipt.undo }, text)
    if (this.#receipt?.type === 'done') {
      // An undo is not itself offered for undoing: the page shows how to put it back.
      this.#show({ type: 'done', text, undo: null }, PLAIN_MS)
    }
  }

  /** Says that something went wrong, until it is dismissed or something is saved. */
  fail(error: unknown): void {
    clearTimeout(this.#timer)
    this.#receipt = { type: 'failed', code: error instanceof Failure ? error.code : 'unknown' }
  }

  dismiss(): void {
    clearTimeout(this.#timer)
    this.#receipt = null
  }

  #show(receipt: Receipt, forMs: number): void {
    clearTimeout(this.#timer)
    this.#receipt = receipt
    this.#told = null
    // Whoever saved goes to the next page at once.
    setTimeout(() => {
      if (this.#receipt === receipt) this.#told = router.route
    })
    this.#timer = setTimeout(() => {
      this.#receipt = null
    }, forMs)
  }
}

export const receipts = new Receipts()
