import { tick } from 'svelte'
import { afterPaint } from './after-paint.ts'
import { address, parse, type Route } from './routes.ts'

/** What is kept with each entry of the browser's history. */
interface Entry {
  /** How many of our entries lie before this one: whether there is a way back inside the app. */
  depth: number
  scroll: number
}

/** Where the person is in the app. */
class Router {
  #route = $state.raw<Route>(parse(location.pathname + location.search))
  /** While a page is drawn that somebody comes back to: it needs its whole length to be scrolled. */
  returning = false
  #depth = (history.state as Entry | null)?.depth ?? 0

  /** The page that is shown. */
  get route(): Route {
    return this.#route
  }

  /** Begins to follow the browser's back and forward; gives back how to stop. */
  follow(): () => void {
    // The browser would scroll before the page has been drawn.
    history.scrollRestoration = 'manual'
    const onPop = (event: PopStateEvent) => {
      const entry = event.state as Entry | null
      this.#depth = entry?.depth ?? 0
      this.#route = parse(location.pathname + location.search)
      this.returning = true
      afterPaint(() => (this.returning = false))
      void tick().then(() => window.scrollTo(0, entry?.scroll ?? 0))
    }
    window.addEventListener('popstate', onPop)
    return () => window.removeEventListener('popstate', onPop)
  }

  /** Shows a page. With `replace`, back does not lead to the present one. */
  go(route: Route, { replace = false }: { replace?: boolean } = {}): void {
    if (replace) {
      history.replaceState({ depth: this.#depth, scroll: 0 } satisfies Entry, '', address(route))
    } else {
      const here: Entry = { depth: this.#depth, scroll: window.scrollY }
      history.replaceState(here, '')
      this.#depth += 1
      history.pushState({ depth: this.#depth, scroll: 0 } satisfies Entry, '', address(route))
    }
    this.#route = route
    void tick().then(() => window.scrollTo(0, 0))
  }

  /** Goes back to the page before, or to `fallback` when the app was entered here. */
  back(fallback: Route = { page: 'home' }): void {
    if (this.#depth > 0) history.back()
    else this.go(fallback, { replace: true })
  }

  /** Goes home, leaving no trail that back would lead through. */
  home(): void {
    if (this.#depth > 0) history.go(-this.#depth)
    // The first entry may be another page, when the app was entered by its address.
    const arrive = () => {
      if (this.#route.page !== 'home') this.go({ page: 'home' }, { replace: true })
    }
    if (this.#depth > 0)
      window.addEventListener('popstate', () => queueMicrotask(arrive), { once: true })
    else arrive()
  }
}

export const router = new Router()

/** Lets a plain click on a link change page here; any other click is the browser's. */
export function follow(route: Route) {
  return (event: MouseEvent): void => {
    if (event.defaultPrevented || event.button !== 0) return
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return
    event.preventDefault()
    router.go(route)
  }
}

export { address } from './routes.ts'
export type { Purpose, Route } from './routes.ts'
