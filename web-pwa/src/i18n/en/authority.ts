import type { AuthorityTexts } from '../sv/authority.ts'

/** Texts where this phone may not change something, in English. */
export const authority: AuthorityTexts = {
  others: 'Only the one who wrote this, or your coordinator, can change it.',
  notChosen: 'Only the one who wrote this, or your coordinator, can choose.',
}
