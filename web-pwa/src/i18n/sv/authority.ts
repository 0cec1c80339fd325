/** Texts where this phone may not change something, in Swedish. */
export const authority = {
  others: 'Bara den som skrev det här, eller er samordnare, kan ändra det.',
  notChosen: 'Bara den som skrev det här, eller er samordnare, kan välja.',
}

export type AuthorityTexts = typeof authority
