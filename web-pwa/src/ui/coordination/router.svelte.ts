import { Router } from '../navigation.svelte.ts'
import { address, parse, type DeskRoute } from './routes.ts'

/** Where the person is at the desk. */
export const desk = new Router<DeskRoute>(parse, address, { page: 'front' })
