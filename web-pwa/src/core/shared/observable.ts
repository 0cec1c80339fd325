/** A value that is replaced, never changed, and tells who listens. */
export class Observable<T> {
  #value: T
  #listeners = new Set<() => void>()
  #told = false

  constructor(value: T) {
    this.#value = value
  }

  get value(): T {
    return this.#value
  }

  /** Replaces the given parts. Listeners are called once for all changes of one turn. */
  set(parts: Partial<T>): void {
    this.#value = { ...this.#value, ...parts }
    if (this.#told) return
    this.#told = true
    queueMicrotask(() => {
      this.#told = false
      for (const listener of this.#listeners) listener()
    })
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }
}
