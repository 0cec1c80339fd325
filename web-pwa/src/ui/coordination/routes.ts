import type { DocumentId, Role } from '$core/shared/model.ts'

/** The desk's pages and their addresses under `/samordning`. */
const PATHS = {
  front: '',
  method: 'sa-raknar-vi',
  draw: 'lottning',
  incoming: 'inkommet',
  phones: 'telefoner',
  alerts: 'larm',
  feedback: 'synpunkter',
  proposals: 'forslag',
  quarantine: 'karantan',
  history: 'historik',
} as const

export type PageName = keyof typeof PATHS
const NAMES = Object.keys(PATHS) as PageName[]

export type DeskRoute =
  | { page: Exclude<PageName, 'history'> }
  /** Who did what with a document; without one there is nothing to show. */
  | { page: 'history'; document: DocumentId | '' }
  | { page: 'missing' }

const ROOT = 'samordning'

/** Reads an address (path and query). */
export function parse(text: string): DeskRoute {
  const [path = ''] = text.split('?')
  const [root, first = '', second, ...rest] = path.split('/').filter((part) => part !== '')
  const page = NAMES.find((name) => PATHS[name] === first)
  if (root !== ROOT || page === undefined || rest.length > 0) return { page: 'missing' }
  if (page === 'history') {
    const known = second === undefined || /^[0-9a-f]{32}$/.test(second)
    return known ? { page, document: second ?? '' } : { page: 'missing' }
  }
  return second === undefined ? { page } : { page: 'missing' }
}

/** Writes the address of a page. */
export function address(route: DeskRoute): string {
  const path = route.page === 'missing' ? '' : PATHS[route.page]
  const about = route.page === 'history' ? route.document : ''
  return ['', ROOT, path, about].filter((part, n) => n === 0 || part !== '').join('/')
}

/** What a role has at its desk; the first is where it begins. */
export function pagesOf(role: Role | undefined): PageName[] {
  if (role === 'duty') return ['alerts']
  return NAMES.filter((page) => page !== 'history' || mayRead(role))
}

/** Whether a role may read who did what with a document. */
export function mayRead(role: Role | undefined): boolean {
  return role === 'coordinator'
}
