import { expect, test } from 'vitest'
import { sv } from './sv/index.ts'

type Bundle = keyof typeof sv.bundles

const sources = import.meta.glob<string>('../**/*.{ts,svelte}', {
  eager: true,
  query: '?raw',
  import: 'default',
})

/** Returns the path of an import, as the keys of `sources` have it. */
function target(from: string, specifier: string): string {
  const alias = /^\$(core|platform|ui|i18n)\//.exec(specifier)
  const path = alias ? specifier.replace('$', '/') : `${from.replace(/[^/]*$/, '')}${specifier}`
  const { pathname } = new URL(path.replace('../', '/'), 'file:///')
  return pathname.startsWith('/i18n/') ? pathname.replace('/i18n/', './') : `..${pathname}`
}

const IMPORT = /^\s*(?:import|export) (?!type)[^'"();=]*?'([^']+)'/gm

/** Returns the files that come with `entries`, without what is loaded later. */
function loadedWith(entries: string[]): Set<string> {
  const found = new Set<string>()
  const open = [...entries]
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    const source = sources[at]
    if (source === undefined || found.has(at)) continue
    found.add(at)
    for (const [, specifier = ''] of source.matchAll(IMPORT)) open.push(target(at, specifier))
  }
  return found
}

/** Returns the parts of the texts that a file reads, by `i18n.t` or by a name for it. */
function read(source: string): string[] {
  const names = [...source.matchAll(/(\w+) = \$derived\(i18n\.t\)/g)].map(([, name]) => name)
  return ['i18n\\.t', ...names].flatMap((name) =>
    [...source.matchAll(new RegExp(`(?<![\\w.])${name}\\.(\\w+)`, 'g'))].map(
      ([, part = '']) => part,
    ),
  )
}

test.each<{ page: string; entries: string[]; bundles: Bundle[] }>([
  { page: 'the first page', entries: ['../main.ts'], bundles: [] },
  { page: 'the lock', entries: ['../ui/lock/lazy-lock-pages.ts'], bundles: ['lock'] },
  {
    page: 'a page of records',
    entries: ['../ui/field/lazy-record-pages.ts'],
    bundles: ['records'],
  },
  {
    page: 'a page for visitors',
    entries: ['../ui/field/lazy-visitor-pages.ts'],
    bundles: ['visitors'],
  },
  {
    page: 'a page of the desk',
    entries: [
      ...Object.keys(sources).filter((path) =>
        /^\.\.\/ui\/coordination\/[\w-]+\.svelte$/.test(path),
      ),
      '../ui/places/city-map.svelte',
    ],
    bundles: ['desk'],
  },
  {
    page: 'the page on the method',
    entries: ['../ui/coordination/method/page.svelte'],
    bundles: ['desk', 'method'],
  },
])('$page reads only texts that come with it', async ({ entries, bundles }) => {
  const there = new Set(Object.keys(sv.start))
  for (const bundle of bundles) {
    for (const part of Object.keys(await sv.bundles[bundle]())) there.add(part)
  }
  const files = loadedWith(entries)
  expect(files.size).toBeGreaterThan(entries.length)
  for (const file of files) {
    const source = sources[file] ?? ''
    // What a file has asked for by itself is there as well.
    const asked = [...source.matchAll(/i18n\.need\('(\w+)'\)/g)].map(([, name]) => name as Bundle)
    const own = await Promise.all(asked.map((name) => sv.bundles[name]()))
    const lacking = read(source).filter(
      (part) => !there.has(part) && !own.some((texts) => part in texts),
    )
    if (!file.startsWith('./')) expect(lacking, file).toEqual([])
  }
})
