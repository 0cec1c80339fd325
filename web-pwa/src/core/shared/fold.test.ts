import { expect, test } from 'vitest'
import { folded } from './fold.ts'

test.each([
  ['Kråkbär', 'krakbar'],
  ['KRÅKBÄR', 'krakbar'],
  // As some keyboards and file systems write it: the ring apart from its letter.
  ['Kra\u030Akba\u0308r', 'krakbar'],
  ['  Södra \u00A0 bron ', 'sodra bron'],
  ['Østerbro', 'osterbro'],
  ['Łódź', 'lodz'],
  ['Ｐ２', 'p2'],
  ['Гара', 'гара'],
])('%j is compared as %j', (text, compared) => expect(folded(text)).toBe(compared))
