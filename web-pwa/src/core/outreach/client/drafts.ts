/** Drafts of what is being typed: in memory at once, on the phone at once or a moment later. */

/** Drafts are written at most this often. */
const WRITE_MS = 300

export class Drafts {
  #values = new Map<string, unknown>()
  #unwritten = new Set<string>()
  #stop: (() => void) | null = null
  #after: (ms: number, call: () => void) => () => void
  #write: (key: string, value: unknown) => boolean

  /** `write` keeps a draft (`null` forgets it); it gives `false` when nothing can be kept at present. */
  constructor(
    after: (ms: number, call: () => void) => () => void,
    write: (key: string, value: unknown) => boolean,
  ) {
    this.#after = after
    this.#write = write
  }

  get(key: string): unknown {
    return this.#values.get(key) ?? null
  }

  set(key: string, value: unknown): void {
    this.#values.set(key, value)
    this.#unwritten.add(key)
    // The first after a rest at once: whoever types once and is gone has typed it.
    if (this.#stop !== null) return
    this.flush()
    this.#stop = this.#after(WRITE_MS, () => this.flush())
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

  /** Writes what is not written yet. */
  flush(): void {
    this.#stop?.()
    this.#stop = null
    for (const key of this.#unwritten) {
      // The pages' values may be proxies, which cannot cross to the worker.
      const value: unknown = JSON.parse(JSON.stringify(this.#values.get(key) ?? null))
      if (!this.#write(key, value)) return
      this.#unwritten.delete(key)
    }
  }

  forget(): void {
    this.#stop?.()
    this.#stop = null
    this.#values.clear()
    this.#unwritten.clear()
  }
}
