import { createContext } from 'svelte'
import type { Content, DeskKeys, VisitorApi } from '$core/shared/ports.ts'

/** Services of the browser that pages use beside their core; each is loaded when it is asked for. */
export interface Services {
  content(): Promise<Content>
  deskKeys(): Promise<DeskKeys>
  visitors(): Promise<VisitorApi>
}

export const [getServices, setServices] = createContext<Services>()
