import {
  LANGUAGES,
  TOPICS,
  type DocumentId,
  type Language,
  type RecordId,
  type Topic,
} from '$core/shared/model.ts'

/** The purpose for which a place is picked. */
export type Purpose = 'count' | 'encounter' | 'browse'

/** The pages of the field's face. */
export type Route =
  | { page: 'home' }
  | { page: 'pick'; purpose: Purpose }
  | { page: 'new-place'; purpose: Purpose; name: string }
  | { page: 'count'; place: DocumentId }
  | { page: 'edit-count'; visit: DocumentId; record: RecordId }
  | { page: 'encounter'; place: DocumentId }
  | { page: 'edit-encounter'; visit: DocumentId; record: RecordId }
  | { page: 'visit'; visit: DocumentId }
  | { page: 'place'; place: DocumentId }
  | { page: 'conflicts' }
  | { page: 'urgent' }
  | { page: 'raise-alert' }
  | { page: 'alert'; alert: DocumentId }
  /** Leaflets; `at` is the place whose encounter they are shown for. */
  | { page: 'information'; at: DocumentId | '' }
  | { page: 'leaflet'; topic: Topic; language: Language; at: DocumentId | '' }
  | { page: 'feedback-code' }
  | { page: 'help' }
  | { page: 'sync' }
  | { page: 'settings' }
  | { page: 'lock' }
  | { page: 'about' }
  | { page: 'accessibility' }
  | { page: 'missing' }

const roots: Record<Purpose, string> = { count: 'rakna', encounter: 'mote', browse: 'platser' }
const purposes = Object.entries(roots) as [Purpose, string][]

const plain: Record<string, Route> = {
  '': { page: 'home' },
  krockar: { page: 'conflicts' },
  akut: { page: 'urgent' },
  kod: { page: 'feedback-code' },
  hjalp: { page: 'help' },
  skickat: { page: 'sync' },
  installningar: { page: 'settings' },
  las: { page: 'lock' },
  om: { page: 'about' },
  tillganglighet: { page: 'accessibility' },
}

const isDocument = (text: string | undefined): text is string => /^[0-9a-f]{32}$/.test(text ?? '')
const isRecord = (text: string | undefined): text is string => /^[0-9a-f]{16}$/.test(text ?? '')

/** Reads an address (path and query). */
export function parse(text: string): Route {
  const [path = '', query = ''] = text.split('?')
  const parts = path.split('/').filter((part) => part !== '')
  const [first = '', second, third, fourth] = parts
  const known = plain[first]
  if (known && parts.length <= 1) return known

  const purpose = purposes.find(([, root]) => root === first)?.[0]
  if (purpose && parts.length === 1) return { page: 'pick', purpose }
  if (purpose && second === 'ny' && parts.length === 2) {
    return { page: 'new-place', purpose, name: new URLSearchParams(query).get('namn') ?? '' }
  }
  if (purpose && isDocument(second) && parts.length === 2) {
    return { page: purpose === 'browse' ? 'place' : purpose, place: second }
  }
  if (first === 'information') {
    const given = new URLSearchParams(query).get('mote') ?? ''
    const at = isDocument(given) ? given : ''
    if (parts.length === 1) return { page: 'information', at }
    const topic = TOPICS.find((code) => code === second)
    const language = LANGUAGES.find((code) => code === third)
    if (parts.length === 3 && topic && language) return { page: 'leaflet', topic, language, at }
  }
  if (first === 'akut' && parts.length === 2) {
    if (second === 'larm') return { page: 'raise-alert' }
    if (isDocument(second)) return { page: 'alert', alert: second }
  }
  if (first === 'besok' && isDocument(second)) {
    if (parts.length === 2) return { page: 'visit', visit: second }
    if (parts.length === 4 && isRecord(fourth)) {
      if (third === 'rakning') return { page: 'edit-count', visit: second, record: fourth }
      if (third === 'mote') return { page: 'edit-encounter', visit: second, record: fourth }
    }
  }
  return { page: 'missing' }
}

const meeting = (at: DocumentId | ''): string => (at === '' ? '' : `?mote=${at}`)

/** Writes the address of a page. */
export function address(route: Route): string {
  switch (route.page) {
    case 'home':
    case 'missing':
      return '/'
    case 'pick':
      return `/${roots[route.purpose]}`
    case 'new-place': {
      const query = route.name === '' ? '' : `?${new URLSearchParams({ namn: route.name })}`
      return `/${roots[route.purpose]}/ny${query}`
    }
    case 'count':
    case 'encounter':
      return `/${roots[route.page]}/${route.place}`
    case 'place':
      return `/${roots.browse}/${route.place}`
    case 'visit':
      return `/besok/${route.visit}`
    case 'edit-count':
      return `/besok/${route.visit}/rakning/${route.record}`
    case 'edit-encounter':
      return `/besok/${route.visit}/mote/${route.record}`
    case 'conflicts':
      return '/krockar'
    case 'urgent':
      return '/akut'
    case 'raise-alert':
      return '/akut/larm'
    case 'alert':
      return `/akut/${route.alert}`
    case 'information':
      return `/information${meeting(route.at)}`
    case 'leaflet':
      return `/information/${route.topic}/${route.language}${meeting(route.at)}`
    case 'feedback-code':
      return '/kod'
    case 'help':
      return '/hjalp'
    case 'sync':
      return '/skickat'
    case 'settings':
      return '/installningar'
    case 'lock':
      return '/las'
    case 'about':
      return '/om'
    case 'accessibility':
      return '/tillganglighet'
  }
}
