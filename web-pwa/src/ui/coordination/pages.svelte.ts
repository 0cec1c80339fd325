import type { Role } from '$core/shared/model.ts'

/** The pages of the coordination face and their addresses under `/samordning`. */
export const pages = {
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

export type PageName = keyof typeof pages

/** What a role has at its desk; the first is where it begins. */
export function pagesOf(role: Role | undefined): PageName[] {
  if (role === 'duty') return ['alerts']
  return (Object.keys(pages) as PageName[]).filter((page) => page !== 'history' || mayRead(role))
}

/** Whether a role may read who did what with a document. */
export function mayRead(role: Role | undefined): boolean {
  return role === 'coordinator'
}

/** The address of a page, and of what it is about. */
export function pageAddress(page: PageName, about = ''): string {
  return ['/samordning', pages[page], about].filter((part) => part !== '').join('/')
}

interface At {
  page: PageName
  /** The document that the page is about. */
  about: string
}

function current(): At {
  const [, , path = '', about = ''] = location.pathname.split('/')
  const found = Object.entries(pages).find(([, known]) => known === path)
  return { page: (found?.[0] as PageName | undefined) ?? 'front', about }
}

class Pages {
  #at = $state.raw<At>(current())

  get page(): PageName {
    return this.#at.page
  }

  get about(): string {
    return this.#at.about
  }

  /** Follows the browser's back and forward; gives back how to stop. */
  follow(): () => void {
    const onPop = () => {
      this.#at = current()
    }
    window.addEventListener('popstate', onPop)
    return () => window.removeEventListener('popstate', onPop)
  }

  /** Lets a plain click on a link change page here. */
  link(page: PageName, about = '') {
    return (event: MouseEvent): void => {
      if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) {
        return
      }
      event.preventDefault()
      history.pushState(null, '', pageAddress(page, about))
      this.#at = { page, about }
      window.scrollTo(0, 0)
    }
  }
}

export const coordinationPages = new Pages()
