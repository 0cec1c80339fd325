import { seen } from './text.ts'

/** Text as it is compared: what two people would call the same name is one text. */

/** Letters that hold their stroke in themselves: no normal form takes it off. */
const STROKED: Readonly<Record<string, string>> = {
  æ: 'ae',
  đ: 'd',
  ł: 'l',
  ø: 'o',
  œ: 'oe',
  ß: 'ss',
}

/** Returns text without case, accents, width and surplus spaces: "Kråkbär " as "krakbar". */
export function folded(text: string): string {
  return seen(text.normalize('NFKD'))
    .replaceAll(/\p{Mn}/gu, '')
    .toLowerCase()
    .replaceAll(/[æđłøœß]/g, (letter) => STROKED[letter] ?? letter)
    .replaceAll(/\s+/g, ' ')
    .trim()
}
