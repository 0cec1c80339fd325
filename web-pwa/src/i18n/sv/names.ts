import type { Personal } from '$core/outreach/names/hit.ts'

const kinds: Record<Personal, string> = {
  name: 'Det ser ut som ett namn.',
  personal_number: 'Det ser ut som ett personnummer eller födelsedatum.',
  phone_number: 'Det ser ut som ett telefonnummer.',
  address: 'Det ser ut som en persons adress.',
}

/** Texts before a text is saved that seems to hold what it must not, in Swedish. */
export const names = {
  title: 'Pekar det här ut någon?',
  kinds,
  help: 'Namn, nummer och adresser till personer får inte sparas. Telefonen tittar själv, inget har skickats.',
  change: 'Ändra texten',
  sure: 'Det är inget sådant, spara',
}

export type NamesTexts = typeof names
