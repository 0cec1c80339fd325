import { Router } from '../navigation.svelte.ts'
import { address, parse } from './routes.ts'

/** Where the person is at the desk. */
export const desk = new Router(parse, address)
