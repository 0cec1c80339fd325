/** Asks before a text that seems to hold a person's name, number or address is saved. */

import { mount, unmount } from 'svelte'
import { findPersonal } from '$core/outreach/names/find.ts'
import type { Hit } from '$core/outreach/names/hit.ts'
import type { FreeText } from '$core/outreach/names/texts.ts'
import Question from './question.svelte'

/** Texts that somebody has said hold no such thing: exactly these, while the page lives. */
const cleared = new Set<string>()

export interface Found {
  text: string
  hits: Hit[]
}

/** Returns whether the texts may be saved: nothing was found, or somebody said that it is nothing of the kind. */
export async function mayBeSaved(texts: FreeText[]): Promise<boolean> {
  const found: Found[] = []
  for (const { text, about } of texts) {
    const hits = cleared.has(text.trim()) ? [] : findPersonal(text, about)
    if (hits.length > 0) found.push({ text, hits })
  }
  if (found.length === 0) return true
  const sure = await new Promise<boolean>((resolve) => {
    const question = mount(Question, {
      target: document.body,
      props: {
        found,
        onanswer: (answer: boolean) => {
          void unmount(question)
          resolve(answer)
        },
      },
    })
  })
  if (sure) for (const { text } of found) cleared.add(text.trim())
  return sure
}
