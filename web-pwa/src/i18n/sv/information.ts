/** Texts around leaflets and the feedback code, in Swedish. */
export const information = {
  title: 'Information',
  lead: 'Att visa för den du möter. Finns på telefonen utan nät.',
  language: 'Språk',
  missing: 'Bladen är inte på telefonen än',
  missingHelp: 'De hämtas när telefonen når servern. Försök igen när du har nät.',
  sample: 'Exempeltext',
  version: (version: string) => `Version ${version}`,
  none: 'Inget blad på det här språket än.',
  note: 'Visat: skriv upp i ett möte',
  codeTitle: 'Kod för synpunkter',
  codeLead: 'Den som skannar koden kan säga vad hen tycker, utan namn, på sitt eget språk.',
  codeAlt: (address: string) => `Kod som leder till ${address}`,
  codeShow: 'Visa koden för synpunkter',
  here: 'Skriv på den här telefonen',
  hereHint: 'Kräver nät. Lämna över telefonen; ingenting sparas i den.',
}

export type InformationTexts = typeof information
