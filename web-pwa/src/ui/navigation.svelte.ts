import { tick } from 'svelte'
import { afterPaint } from './after-paint.ts'

/** What is kept with each entry of the browser's history. */
interface Entry {
  /** How many of our entries lie before this one: whether there is a way back inside the app. */
  depth: number
  scroll: number
}

/** Where the person is, by the addresses of one face. Query and fragment are the address's own. */
export class Router<R extends { page: string }> {
  readonly #parse: (text: string) => R
  readonly #address: (route: R) => string
  readonly #home: R
  #route: R
  /** While a page is drawn that somebody comes back to: it needs its whole length to be scrolled. */
  returning = false
  #depth = (history.state as Entry | null)?.depth ?? 0

  /** `parse` reads a path with its query, and never fails; `address` writes it. */
  constructor(parse: (text: string) => R, address: (route: R) => string, home: R) {
    this.#parse = parse
    this.#address = address
    this.#home = home
    this.#route = $state.raw(this.#here())
  }

  #here(): R {
    return this.#parse(location.pathname + location.search)
  }

  /** The page that is shown. */
  get route(): R {
    return this.#route
  }

  /** Begins to follow the browser's back and forward. Returns how to stop. */
  follow(): () => void {
    // The browser would scroll before the page has been drawn.
    history.scrollRestoration = 'manual'
    const onPop = (event: PopStateEvent) => {
      const entry = event.state as Entry | null
      this.#depth = entry?.depth ?? 0
      this.#route = this.#here()
      this.returning = true
      const scroll = () => window.scrollTo(0, entry?.scroll ?? 0)
      void tick().then(scroll)
      afterPaint(() => {
        this.returning = false
        // A page that had to be loaded has its length only now.
        scroll()
      })
    }
    window.addEventListener('popstate', onPop)
    return () => window.removeEventListener('popstate', onPop)
  }

  /** Shows a page. With `replace`, back does not lead to the present one. */
  go(route: R, { replace = false }: { replace?: boolean } = {}): void {
    if (!replace) {
      const here: Entry = { depth: this.#depth, scroll: window.scrollY }
      history.replaceState(here, '')
      this.#depth += 1
    }
    const entry: Entry = { depth: this.#depth, scroll: 0 }
    history[replace ? 'replaceState' : 'pushState'](entry, '', this.#address(route))
    this.#route = route
    void tick().then(() => window.scrollTo(0, 0))
  }

  /** Goes back to the page before, or to `fallback` when the app was entered here. */
  back(fallback: R = this.#home): void {
    if (this.#depth > 0) history.back()
    else this.go(fallback, { replace: true })
  }

  /** Goes home, leaving no trail that back would lead through. */
  async home(): Promise<void> {
    if (this.#depth > 0) {
      history.go(-this.#depth)
      await new Promise((arrived) => window.addEventListener('popstate', arrived, { once: true }))
    }
    // The first entry may be another page, when the app was entered by its address.
    if (this.#route.page !== this.#home.page) this.go(this.#home, { replace: true })
  }

  /** Lets a plain click on a link change page here; any other click is the browser's. */
  link(route: R): (event: MouseEvent) => void {
    return (event) => {
      const { button, metaKey, ctrlKey, shiftKey, altKey } = event
      if (event.defaultPrevented || button || metaKey || ctrlKey || shiftKey || altKey) return
      event.preventDefault()
      this.go(route)
    }
  }
}
