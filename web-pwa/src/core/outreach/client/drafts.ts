/**
 * Drafts of what is being typed: in memory at once, on the phone as soon as the write before
 * is done. There is no pause to be lost in: whoever types once and is gone has typed it.
 */

export class Drafts {
  #values = new Map<string, unknown>()
  #unwritten = new Set<string>()
  #writing = false
  #write: (key: string, value: unknown) => Promise<unknown> | null

  /** `write` keeps a draft (`null` forgets it); it gives `null` when nothing can be kept at present. */
  constructor(write: (key: string, value: unknown) => Promise<unknown> | null) {
    this.#write = write
  }

  get(key: string): unknown {
    return this.#values.get(key) ?? null
  }

  set(key: string, value: unknown): void {
    this.#values.set(key, value)
    this.#unwritten.add(key)
    this.#next()
  }

  clear(key: string): void {
    this.#values.delete(key)
    this.#unwritten.add(key)
    this.flush()
  }

  /** Takes in what was kept; what was typed since stands. */
  take(kept: Record<string, unknown>): void {
    for (const [key, value] of Object.entries(kept)) {
      if (!this.#unwritten.has(key)) this.#values.set(key, value)
    }
  }

  /** Writes what is not written yet, whatever is under way. */
  flush(): void {
    // An engine that is gone never answers what it was given.
    this.#writing = false
    for (const key of this.#unwritten) if (this.#start(key) === null) return
  }

  forget(): void {
    this.#values.clear()
    this.#unwritten.clear()
  }

  /** Writes what is not written yet, one after the other. */
  #next(): void {
    if (this.#writing) return
    const [key] = this.#unwritten
    if (key === undefined) return
    const written = this.#start(key)
    if (written === null) return
    this.#writing = true
    void written.then((kept) => {
      this.#writing = false
      if (kept) this.#next()
    })
  }

  #start(key: string): Promise<boolean> | null {
    // The pages' values may be proxies, which cannot cross to the worker.
    const value: unknown = JSON.parse(JSON.stringify(this.#values.get(key) ?? null))
    const written = this.#write(key, value)
    if (written === null) return null
    this.#unwritten.delete(key)
    // What could not be written waits, and goes with the next.
    return written.then(
      () => true,
      () => {
        this.#unwritten.add(key)
        return false
      },
    )
  }
}
