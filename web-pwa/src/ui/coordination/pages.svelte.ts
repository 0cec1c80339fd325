import type { Role } from '$core/model.ts'

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
} as const

export type PageName = keyof typeof pages

/** What a role has at its desk; the first is where it begins. */
export function pagesOf(role: Role | undefined): PageName[] {
  return role === 'duty' ? ['alerts'] : (Object.keys(pages) as PageName[])
}

/** The address of a page. */
export function pageAddress(page: PageName): string {
  return pages[page] === '' ? '/samordning' : `/samordning/${pages[page]}`
}

function current(): PageName {
  const rest = location.pathname.replace(/^\/samordning\/?/, '').replace(/\/$/, '')
  const found = Object.entries(pages).find(([, path]) => path === rest)
  return (found?.[0] as PageName | undefined) ?? 'front'
}

class Pages {
  #page = $state.raw<PageName>(current())

  get page(): PageName {
    return this.#page
  }

  /** Follows the browser's back and forward; gives back how to stop. */
  follow(): () => void {
    const onPop = () => {
      this.#page = current()
    }
    window.addEventListener('popstate', onPop)
    return () => window.removeEventListener('popstate', onPop)
  }

  /** Lets a plain click on a link change page here. */
  link(page: PageName) {
    return (event: MouseEvent): void => {
      if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) {
        return
      }
      event.preventDefault()
      history.pushState(null, '', pageAddress(page))
      this.#page = page
      window.scrollTo(0, 0)
    }
  }
}

export const coordinationPages = new Pages()
