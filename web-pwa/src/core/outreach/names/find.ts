/**
 * Looks in a free text for what must not be there: a person's name, number or address.
 * Runs on the phone; nothing of it is sent. Errs on the side of letting a word pass: whoever
 * is asked about every other note stops reading the question.
 */

import type { Hit } from './hit.ts'
import { findNumbers } from './numbers.ts'
import { DOUBTFUL, FIRST_NAMES, KNOWN, PLACE_AFTER, PLACE_ENDING, SURNAME } from './words.ts'

/** The subject of a text: the address of a place is welcome, a person's is not. */
export type About = 'person' | 'place'

interface Word {
  text: string
  plain: string
  start: number
  end: number
  capital: boolean
  /** Whether a sentence may begin here. */
  first: boolean
  /** Whether only spaces stand between it and the word before. */
  joined: boolean
}

/** Returns a word in lower case, without accents. */
const plain = (word: string): string =>
  word
    .normalize('NFD')
    .replaceAll(/(?<=[a-z])\p{Mn}/giu, '')
    .normalize('NFC')
    .toLowerCase()

function wordsOf(text: string): Word[] {
  const words: Word[] = []
  let end = 0
  for (const match of text.matchAll(/\p{L}[\p{L}\p{Mn}’'-]*/gu)) {
    const between = text.slice(end, match.index)
    const [word] = match
    words.push({
      text: word,
      plain: plain(word),
      start: match.index,
      end: match.index + word.length,
      capital: /^\p{Lu}\p{Ll}/u.test(word),
      first: end === 0 || /[.!?:;\n•–”"(]|- |\/|\d/u.test(between),
      joined: end > 0 && /^[ \u{a0}]+$/u.test(between),
    })
    end = match.index + word.length
  }
  return words
}

/** After these stands a name: "heter Ana", "se numeste Ion". */
const NAMING =
  /(?:^|[^\p{L}])(?:heter|hette|kallas|kallar sig|kallad|vid namn|namn är|namnet är|namn:|namnet|förnamn:?|efternamn:?|döpt till|named|called|name is|goes by|numit|numita|numește|numeste|cheamă|cheama|казва се|на име|herr|fru|fröken|mr|mrs|ms|dr)\.?\s+(?:för\s+|är\s+)?$/iu
/** After these stands a person: with a capital it is their name. */
const PERSONAL =
  /(?:^|[^\p{L}])(?:träffade|träffat|träffar|mötte|möter|talade med|talat med|pratade med|pratat med|pratade m|pratar med|samtalade med|ringde|hjälpte|följde|väckte|mannen|kvinnan|pojken|flickan|killen|tjejen|bror|brodern|broder|syster|systern|sonen|son|dotter|dottern|barnet|pappa|pappan|mamma|mamman|make|maken|maka|fru|hustru|sambo|sambon|kusin|farfar|mormor|farmor|morfar|bebisen|met|spoke with|spoke to|talked to|brother|sister|husband|wife|mother|father|hos|gift med|tillsammans med|säger att|enligt)\s+$/iu
/** After these stands a place. */
const PLACING =
  /(?:^|[^\p{L}])(?:vid|på|i|nära|bakom|under|utanför|mot|kring|runt|intill|mellan|förbi|genom|norr om|söder om|at|in|near|behind|från staden|by)\s+$/iu

const known = (word: Word): boolean =>
  KNOWN.has(word.plain) ||
  (word.plain.endsWith('s') && KNOWN.has(word.plain.slice(0, -1))) ||
  word.plain.split('-').every((part) => KNOWN.has(part)) ||
  PLACE_ENDING.test(word.text)

const firstName = (word: Word): boolean =>
  FIRST_NAMES.has(word.plain) ||
  (word.plain.endsWith('s') && FIRST_NAMES.has(word.plain.slice(0, -1)))

function findNames(text: string): Hit[] {
  const words = wordsOf(text)
  const hits: Hit[] = []
  const hit = (from: Word, to: Word): void => {
    hits.push({ kind: 'name', start: from.start, end: to.end })
  }
  for (let i = 0; i < words.length; i += 1) {
    const word = words[i]
    if (word === undefined) break
    const before = text.slice(Math.max(0, word.start - 40), word.start)
    const listed = firstName(word)
    if (NAMING.test(before) && (word.capital ? !known(word) || listed : listed)) {
      hit(word, word)
      continue
    }
    if (!word.capital) continue
    let next = words[i + 1]
    if (next && !(next.joined && next.capital)) next = undefined
    const after = words[i + (next ? 2 : 1)]
    const ofPlace =
      (next !== undefined && (PLACE_AFTER.test(next.text) || PLACE_ENDING.test(next.text))) ||
      (after !== undefined && after.joined && PLACE_AFTER.test(after.text))
    if (ofPlace) {
      if (next) i += 1
      continue
    }
    if (listed && next && (!known(next) || firstName(next))) {
      hit(word, next)
      i += 1
    } else if (PERSONAL.test(before) && (listed || !known(word))) hit(word, next ?? word)
    else if (listed && !DOUBTFUL.has(word.plain)) hit(word, word)
    else if (SURNAME.test(word.text) && !known(word) && !PLACING.test(before))
      hit(word, next ?? word)
    else if (next && !word.first && !known(word) && !known(next) && !PLACING.test(before)) {
      hit(word, next)
      i += 1
    } else if (
      listed &&
      DOUBTFUL.has(word.plain) &&
      !word.first &&
      !PLACING.test(before) &&
      !known(word)
    ) {
      hit(word, word)
    }
  }
  return hits
}

const STREET =
  /\p{Lu}[\p{L}\p{Mn}]+(?:\s\p{Lu}?[\p{L}]+)?\s?(?:gatan|gata|vägen|väg|torget|torg|gränd|gränden|stigen|stig|allén|liden)\s+\d{1,3}\s?[A-H]?(?![\p{L}\d])(?!\s*(?:\p{Ll}{0,12}\s)?(?:pers|vux|barn|tält|män|kvinn|st|m|meter|min|till|nya|stycken|sov)\p{L}*)/gu
const FOREIGN_STREET =
  /(?<!\p{L})(?:str\.?|strada|ul\.|ulitsa|ул\.|bd\.?|bulevardul|calea|aleea)\s+\p{Lu}[\p{L} .]{1,40}?,?\s*(?:nr\.?\s*|№\s*)?\d{1,4}/giu
const HOME =
  /(?:bor|boende|hemma|hemadress|adress|adressen|skriven|bostad|lives|address)[^.\n]{0,20}$/iu

function findAddresses(text: string, about: About): Hit[] {
  const hits: Hit[] = []
  for (const pattern of [STREET, FOREIGN_STREET]) {
    for (const match of text.matchAll(pattern)) {
      if (about === 'place' && !HOME.test(text.slice(0, match.index))) continue
      hits.push({ kind: 'address', start: match.index, end: match.index + match[0].length })
    }
  }
  return hits
}

/** Returns what a text seems to hold of what it must not, in order and without overlap. */
export function findPersonal(text: string, about: About): Hit[] {
  const all = [...findNumbers(text), ...findAddresses(text, about), ...findNames(text)]
  const kept: Hit[] = []
  for (const one of all) {
    if (!kept.some((other) => one.start < other.end && other.start < one.end)) kept.push(one)
  }
  return kept.toSorted((a, b) => a.start - b.start)
}
