import { Router } from './navigation.svelte.ts'
import { address, parse, type Route } from './routes.ts'

/** Where the person is in the app of those who walk. */
export const router = new Router<Route>(parse, address, { page: 'home' })

/** Lets a plain click on a link change page here. */
export const follow = (route: Route) => router.link(route)

export { address } from './routes.ts'
export type { Purpose, Route } from './routes.ts'
