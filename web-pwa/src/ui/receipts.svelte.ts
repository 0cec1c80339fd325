import {
  Failure,
  type FailureCode,
  type FieldCore,
  type Intent,
  type Saved,
  type UndoToken,
} from '$core/field-core.ts'

/** How long something can be undone from the bar. */
const UNDO_MS = 60_000
/** How long a receipt without an undo stays. */
const PLAIN_MS = 6_000

/** What the bar at the bottom says. */
export type Receipt =
  { type: 'done'; text: string; undo: UndoToken | null } | { type: 'failed'; code: FailureCode }

/**
 * The one place where something is recorded from the screens: says that it is
 * saved only once it is, confirms with a short vibration, offers to undo.
 */
class Receipts {
  #receipt = $state.raw<Receipt | null>(null)
  #busy = $state(false)
  #timer: ReturnType<typeof setTimeout> | undefined

  /** What the bar says; `null` when there is nothing to say. */
  get receipt(): Receipt | null {
    return this.#receipt
  }

  /** Whether something is being saved. */
  get busy(): boolean {
    return this.#busy
  }

  /** Records something; `text` says what, once it is durable. Gives `null` when it could not be saved. */
  async save(core: FieldCore, intent: Intent, text: string): Promise<Saved | null> {
    // A second tap while the first is being saved is the same tap.
    if (this.#busy) return null
    this.#busy = true
    try {
      const saved = await core.dispatch(intent)
      navigator.vibrate?.(30)
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
    this.#timer = setTimeout(() => {
      this.#receipt = null
    }, forMs)
  }
}

export const receipts = new Receipts()
