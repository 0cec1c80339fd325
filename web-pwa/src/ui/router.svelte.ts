import { Router } from './navigation.svelte.ts'
import { address, parse, type Route } from './routes.ts'

/** Where the person is in the app of those who walk. */
class FieldRouter extends Router<Route> {
  override back(fallback: Route = { page: 'home' }): void {
    super.back(fallback)
  }

  /** Goes home, leaving no trail that back would lead through. */
  async home(): Promise<void> {
    await this.start()
    // The first entry may be another page, when the app was entered by its address.
    if (this.route.page !== 'home') this.go({ page: 'home' }, { replace: true })
  }
}

export const router = new FieldRouter(parse, address)

/** Lets a plain click on a link change page here. */
export const follow = (route: Route) => router.link(route)

export { address } from './routes.ts'
export type { Purpose, Route } from './routes.ts'
