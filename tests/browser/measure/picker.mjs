// `node picker.mjs --json FILE [--quick]`: from a keystroke to the list it makes, in a city of
// ten thousand places, on a slow phone. `cargo xtask bench picker` builds what it needs.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Browser } from '../lib/browser.mjs'
import { readWhole } from '../lib/engine.mjs'
import { Field } from '../lib/field.mjs'
import { Server } from '../lib/server.mjs'

const quick = process.argv.includes('--quick')
const file = process.argv[process.argv.indexOf('--json') + 1]
/** Some of the made-up city's places turn out to be the same: this many leave ten thousand. */
const PLACES = quick ? 2_000 : 10_300
/** Many hits, few, none but one letter off, and by district. */
const TYPED = ['parken', 'norra kråkbär', 'kraka', 'farsta torget']

const sorted = (values) => values.toSorted((a, b) => a - b)
const median = (values) => sorted(values)[Math.floor(values.length / 2)]
const p95 = (values) => sorted(values)[Math.ceil(values.length * 0.95) - 1]

const directory = mkdtempSync(join(tmpdir(), 'lagesbild-picker-'))
const started = []
try {
  const server = await Server.demo(directory, 1, PLACES)
  started.push(server)
  await server.start()
  const browser = new Browser(directory, 'phone')
  started.push(browser)
  const field = new Field(browser)
  await field.enrol(server.invite('worker', 'eu-teamet'))
  const { page } = field
  await field.received()
  const { documents } = await readWhole(page)
  const places = documents.filter(
    ({ view: { kind, content } }) => kind === 'place' && !content.withdrawn && !content.same_as,
  ).length

  const cdp = await page.context().newCDPSession(page)
  await cdp.send('Emulation.setCPUThrottlingRate', { rate: 4 })
  // What the page's thread works for a key, all rows included: on a machine that has other
  // things to do, the wall clock says little.
  await cdp.send('Performance.enable', { timeDomain: 'threadTicks' })
  const worked = async () => {
    const { metrics } = await cdp.send('Performance.getMetrics')
    return metrics.find(({ name }) => name === 'TaskDuration').value * 1_000
  }
  const work = []
  // From the key's own time until what it made has been painted.
  await page.evaluate(() => {
    window.keystrokes = []
    addEventListener(
      'input',
      ({ timeStamp }) => {
        requestAnimationFrame(() =>
          setTimeout(() => window.keystrokes.push(performance.now() - timeStamp)),
        )
      },
      true,
    )
  })
  const opened = Date.now()
  await field.tap('link', /^Räkna/)
  const search = page.getByRole('searchbox')
  await search.waitFor()
  const open = Date.now() - opened
  for (const typed of TYPED) {
    await search.fill('')
    for (const letter of typed) {
      const before = await worked()
      await page.keyboard.type(letter)
      await page.waitForTimeout(200)
      work.push((await worked()) - before)
    }
  }
  const keystrokes = await page.evaluate(() => window.keystrokes)
  const figures = {
    places,
    cpu_slower: 4,
    picker_open_ms: open,
    keystrokes: keystrokes.length,
    keystroke_to_list_median_ms: Math.round(median(keystrokes)),
    keystroke_to_list_p95_ms: Math.round(p95(keystrokes)),
    keystroke_to_list_most_ms: Math.round(Math.max(...keystrokes)),
    keystroke_work_median_ms: Math.round(median(work)),
    keystroke_work_p95_ms: Math.round(p95(work)),
  }
  const text = `${JSON.stringify(figures, null, 2)}\n`
  if (process.argv.includes('--json')) writeFileSync(file, text)
  process.stdout.write(text)
} finally {
  for (const one of started.toReversed()) await one.kill()
  rmSync(directory, { recursive: true, force: true })
}
