import { createContext } from 'svelte'
import type { Content, DeskKeys, VisitorApi } from '$core/shared/ports.ts'

/** What pages need of the browser beside their core; each is loaded when it is asked for. */
export interface Services {
  content(): Promise<Content>
  deskKeys(): Promise<DeskKeys>
  visitors(): Promise<VisitorApi>
}

export const [getServices, setServices] = createContext<Services>()
