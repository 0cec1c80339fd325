// A test is a name and an async function. Each gets a fresh directory, and
// whatever it started is ended with it.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describeAll } from './browser.mjs'

const tests = []

/** Registers a test. `body` gets `{ directory, cleanup(fn) }`. */
export function test(name, body) {
  tests.push({ name, body })
}

/** Runs the registered tests one after the other; gives the number that failed. */
export async function runAll(filter) {
  let passed = 0
  let failed = 0
  for (const { name, body } of tests) {
    if (filter && !name.includes(filter)) continue
    const directory = mkdtempSync(join(tmpdir(), 'lagesbild-browser-'))
    const cleanups = []
    const started = Date.now()
    try {
      await body({ directory, cleanup: (fn) => cleanups.push(fn) })
      passed += 1
      console.log(`ok    ${name} (${((Date.now() - started) / 1000).toFixed(1)} s)`)
    } catch (error) {
      failed += 1
      console.log(`FAIL  ${name}\n${error.stack ?? error}\n${await describeAll()}`)
    }
    for (const fn of cleanups.toReversed()) await fn().catch((error) => console.log(String(error)))
    rmSync(directory, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 })
  }
  console.log(`${passed} passed, ${failed} failed`)
  return failed
}

/** Throws when two values differ as JSON. */
export function equal(actual, expected, what) {
  const [a, b] = [JSON.stringify(actual), JSON.stringify(expected)]
  if (a !== b) throw new Error(`${what}: expected ${b}, got ${a}`)
}

/** Throws unless the condition holds. */
export function ok(condition, what) {
  if (!condition) throw new Error(what)
}
