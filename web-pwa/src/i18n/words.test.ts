import { expect, test } from 'vitest'

/** The sources of every text, by path. */
const texts = import.meta.glob<string>(['./{sv,en}/*.ts', './{sv,en}/*.json'], {
  query: '?raw',
  import: 'default',
  eager: true,
})

/** Words of ours that somebody at a desk or in the street would have to ask about. */
const FORBIDDEN = [
  /karantän/i,
  /\bfrö(et)?\b/i,
  /φ/,
  /\bläst \$\{/,
  /\b1 ändring\b/,
  /i utsatthet'/,
  /in vulnerability'/,
  /another number than/i,
  /to the field work/i,
]

/** Returns what a source says to a reader: its strings, without its comments and imports. */
function said(source: string): string[] {
  const code = source.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^import .*$/gm, '')
  return code.match(/'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`|"(?:[^"\\\n]|\\.)*"/g) ?? []
}

test('no text uses a word that only its makers understand', () => {
  expect(Object.keys(texts).length).toBeGreaterThan(40)
  const found = Object.entries(texts).flatMap(([path, source]) =>
    said(source).flatMap((text) =>
      FORBIDDEN.filter((word) => word.test(text)).map((word) => `${path}: ${word} in ${text}`),
    ),
  )
  expect(found).toEqual([])
})
