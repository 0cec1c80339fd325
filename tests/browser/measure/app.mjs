// `node app.mjs --json FILE [--quick]`: the field app's budgets, measured in
// Chromium under throttling. `cargo xtask bench app` builds what it needs.
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execFileSync } from 'node:child_process'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { violations } from '../lib/axe.mjs'
import { Browser } from '../lib/browser.mjs'
import { engineState, readWhole, record, recordMany, recordsIn } from '../lib/engine.mjs'
import { Field, PASSPHRASE } from '../lib/field.mjs'
import { killAtRandom } from '../lib/kills.mjs'
import { SCREENS, Screens, TALL } from '../lib/screens.mjs'
import { Server } from '../lib/server.mjs'

const quick = process.argv.includes('--quick')
const file = process.argv[process.argv.indexOf('--json') + 1]
const web = process.env.LAGESBILD_WEB
/** 1.6 Mbit/s and 150 ms, as Lighthouse's slow mobile network. */
const SLOW = { offline: false, latency: 150, downloadThroughput: 200_000, uploadThroughput: 93_750 }
/** Weeks of an organisation's records that the phone holds. */
const WEEKS = quick ? 12 : 52
const KILLS = quick ? 5 : 100
const WRITES = quick ? 50 : 500
const SAVES = quick ? 10 : 40

const kilobytes = (bytes) => Math.round(bytes / 100) / 10
const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]
const p95 = (values) => values.toSorted((a, b) => a - b)[Math.ceil(values.length * 0.95) - 1]

/** Sizes of the build. */
function sizes() {
  const gz = (name) => gzipSync(readFileSync(join(web, name)), { level: 9 }).length
  const index = readFileSync(join(web, 'index.html'), 'utf8')
  const initial = new Set(index.match(/assets\/[\w.-]+\.(?:js|css)/g))
  const assets = readdirSync(join(web, 'assets')).map((name) => `assets/${name}`)
  const lazy = assets.filter(
    (name) => name.endsWith('.js') && !initial.has(name) && !/worker|map|chart/i.test(name),
  )
  const wasm = assets.find((name) => name.endsWith('.wasm'))
  return {
    initial_js_css_gz_kb: kilobytes([...initial].reduce((sum, name) => sum + gz(name), 0)),
    lazy_route_max_gz_kb: kilobytes(Math.max(...lazy.map(gz))),
    wasm_br_kb: kilobytes(brotliCompressSync(readFileSync(join(web, wasm))).length),
  }
}

async function throttled(page, { cpu = 1, network = null }) {
  const cdp = await page.context().newCDPSession(page)
  await cdp.send('Emulation.setCPUThrottlingRate', { rate: cpu })
  await cdp.send('Network.enable')
  if (network) await cdp.send('Network.emulateNetworkConditions', network)
  return cdp
}

/**
 * Opens an address; milliseconds from the navigation's start until what `selector`
 * names has been painted. The page itself looks: a test's library that looks into
 * a slowed page takes part of its time.
 */
async function reached(page, address, selector) {
  await page.addInitScript((wanted) => {
    const seen = new MutationObserver(() => {
      if (!document.querySelector(wanted)) return
      seen.disconnect()
      requestAnimationFrame(() => setTimeout(() => console.debug(`reached ${performance.now()}`)))
    })
    seen.observe(document, { childList: true, subtree: true })
  }, selector)
  const told = page.waitForEvent('console', (message) => message.text().startsWith('reached '))
  await page.goto(address, { waitUntil: 'commit' })
  return Number((await told).text().split(' ')[1])
}

const figures = sizes()
const directory = mkdtempSync(join(tmpdir(), 'lagesbild-measure-'))
const started = []
const phone = async (name, server) => {
  const browser = new Browser(directory, name)
  started.push(browser)
  const field = new Field(browser)
  if (server) await field.enrol(server.invite('worker', 'eu-teamet'))
  return { browser, field }
}

try {
  const server = await Server.create(directory)
  started.push(server)
  await server.start()

  // A first visit: the page that takes the link's code, on a slow phone and network.
  const visits = []
  const paints = []
  for (let n = 0; n < (quick ? 1 : 3); n += 1) {
    const { browser } = await phone(`first-${n}`)
    await browser.open('about:blank')
    await throttled(browser.page, { cpu: 4, network: SLOW })
    visits.push(await reached(browser.page, `${server.origin}/`, 'input#code'))
    paints.push(
      await browser.page.evaluate(
        () => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? null,
      ),
    )
    await browser.kill()
  }
  figures.first_visit_usable_ms = Math.round(median(visits))
  figures.first_paint_ms = Math.round(median(paints))

  // Taps of the scripted flows.
  const flows = await phone('flows', server)
  await flows.field.newPlace('Exempelparken', 'farsta')
  await flows.field.countHere({ adults: 1 })
  await flows.field.done()
  flows.field.startCounting()
  await flows.field.countAt('Exempelparken', { adults: 1 })
  figures.count_taps = flows.field.taps
  await flows.field.done()
  flows.field.startCounting()
  await flows.field.tap('link', /^Möte/)
  await flows.field.save('Spara möte', 'sparat på telefonen')
  figures.encounter_taps = flows.field.taps
  await flows.field.done()
  await flows.browser.kill()

  // A year's records, of the made-up city.
  const city = await Server.demo(directory, WEEKS)
  started.push(city)
  await city.start()
  const { browser, field } = await phone('phone', city)
  await field.received()
  figures.documents_on_phone = (await readWhole(field.page)).documents.length

  // Places for the saves that are timed: each gets a visit of its own.
  for (let n = 0; n < SAVES; n += 1) {
    const place = {
      name: `Tom plats ${n} (exempel)`,
      place_type: 'park',
      district: 'farsta',
      position: null,
    }
    await record(field.page, { type: 'new_place', place }, `empty-${n}`)
  }

  // A cold start without network, to the lock screen and then to the start page.
  const cold = []
  const unlock = []
  const kdf = []
  await field.page.evaluate(() => navigator.serviceWorker.ready.then(() => true))
  await city.stop()
  for (let n = 0; n < (quick ? 3 : 5); n += 1) {
    await browser.kill()
    await browser.open('about:blank')
    await throttled(browser.page, { cpu: 4 })
    cold.push(await reached(browser.page, `${city.origin}/`, '[data-testid=locked]'))
    await browser.page.getByLabel('Lösenfras', { exact: true }).fill(PASSPHRASE)
    // The KDF's worker lives exactly as long as it works.
    const begun = browser.page.waitForEvent('worker', (worker) => /kdf/.test(worker.url()))
    const pressed = Date.now()
    await browser.page.getByRole('button', { name: 'Lås upp' }).click()
    const worker = await begun
    await worker.waitForEvent('close')
    const derived = Date.now()
    await browser.page.getByTestId('state-line').waitFor()
    kdf.push(derived - pressed)
    unlock.push(Date.now() - derived)
  }
  figures.offline_cold_start_ms = Math.round(median(cold))
  figures.kdf_ms = median(kdf)
  figures.unlock_to_usable_ms = median(unlock)

  // Tap to durable, with the year on the phone.
  const cdp = await throttled(browser.page, { cpu: 6 })
  await browser.page.evaluate(() => {
    window.interactions = []
    new PerformanceObserver((list) => {
      for (const { duration, interactionId } of list.getEntries())
        if (interactionId) window.interactions.push(duration)
    }).observe({ type: 'event', durationThreshold: 16 })
    // From the finger's touch until it is on the disk, when the phone vibrates, and
    // until the page that says so is there.
    window.taps = { durable: [], shown: [] }
    let touched = 0
    navigator.vibrate = () => {
      window.taps.durable.push(performance.now() - touched)
      return true
    }
    addEventListener(
      'click',
      ({ timeStamp, target }) => {
        const button = target.closest?.('button')?.textContent.trim()
        if (!button?.startsWith('Spara ')) return
        touched = timeStamp
        const seen = new MutationObserver(() => {
          if (!/\/besok\/[0-9a-f]{32}$/.test(location.pathname)) return
          seen.disconnect()
          window.taps.shown.push(performance.now() - timeStamp)
        })
        seen.observe(document.body, { childList: true, subtree: true })
      },
      true,
    )
  })
  for (let n = 0; n < SAVES; n += 1) {
    await field.findAndCountAt(`Tom plats ${n} `, { adults: 1 })
    await field.done()
  }
  const { durable, shown } = await browser.page.evaluate(() => window.taps)
  if (durable.length !== SAVES) throw new Error(`${durable.length} saves were timed`)
  figures.tap_to_durable_p95_ms = Math.round(p95(durable))
  figures.tap_to_shown_p95_ms = Math.round(p95(shown))
  figures.inp_ms = p95((await browser.page.evaluate(() => window.interactions)).concat(16))
  await cdp.send('Emulation.setCPUThrottlingRate', { rate: 1 })
  await browser.kill()

  // Killed at random.
  const victim = await phone('victim', server)
  await victim.field.newPlace('Exempelparken', 'farsta')
  await victim.field.countHere({ adults: 1 })
  await victim.field.done()
  await server.stop()
  const { said, lost } = await killAtRandom({
    field: victim.field,
    origin: server.origin,
    rounds: KILLS,
  })
  figures.kill_lost = lost.length
  figures.kills = KILLS
  figures.kills_saved = said
  await victim.browser.kill()

  // Two tabs.
  await server.start()
  const twin = await phone('twin', server)
  const [a, b] = [twin.browser.page, await twin.browser.page.context().newPage()]
  await b.goto(`${server.origin}/om`)
  await b.getByRole('heading', { level: 1 }).waitFor()
  const places = await placesOf(twin.field, 40)
  const saved = new Set()
  for (const page of [a, b]) await page.exposeFunction('tellSaved', (id) => void saved.add(id))
  await Promise.all(
    [a, b].map((page, n) =>
      recordMany(page, { places, count: WRITES, lanes: 4, name: `tab-${n}` }),
    ),
  )
  const there = new Set(recordsIn(await engineState(a)))
  figures.two_tabs_lost = 2 * WRITES - [...saved].filter((id) => there.has(id)).length
  await twin.browser.kill()

  // axe on every screen and state, in both languages, light and dark.
  const screens = await Screens.serve(mkdtempSync(join(directory, 'screens-')))
  started.push({ kill: () => screens.close() })
  const looker = new Browser(directory, 'looker', TALL)
  started.push(looker)
  const looked = await looker.open('about:blank')
  figures.axe_violations = 0
  figures.axe_screens = 0
  for (const language of ['sv', 'en']) {
    for (const theme of quick ? ['light'] : ['light', 'dark']) {
      await screens.prefer(looked, language, theme)
      for (const [, at, scene] of SCREENS) {
        await screens.show(looked, at, scene)
        figures.axe_violations += (await violations(looked)).length
        figures.axe_screens += 1
      }
    }
  }
  await looker.kill()

  Object.assign(figures, lighthouse(server.origin))
} finally {
  // What was measured before something failed is worth keeping.
  writeFileSync(file, `${JSON.stringify(figures, null, 2)}\n`)
  for (const each of started.toReversed()) await each.kill().catch(() => undefined)
  rmSync(directory, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 })
}

/** Lighthouse's scores for a first visit on a phone, in hundredths; `null` where Lighthouse is not installed. */
function lighthouse(origin) {
  const cli = process.env.LAGESBILD_LIGHTHOUSE
  const categories = ['performance', 'accessibility', 'best-practices']
  const named = (score) =>
    Object.fromEntries(
      categories.map((name) => [`lighthouse_${name.replace('-', '_')}`, score(name)]),
    )
  if (!cli) return named(() => null)
  const flags = '--headless --no-sandbox --disable-gpu --disable-quic --no-first-run'
  const asked = [
    '--output=json',
    '--quiet',
    `--only-categories=${categories}`,
    `--chrome-flags=${flags}`,
  ]
  const options = {
    env: { ...process.env, CHROME_PATH: process.env.LAGESBILD_CHROMIUM ?? '/usr/bin/chromium' },
    maxBuffer: 64 * 1024 * 1024,
    timeout: 300_000,
  }
  const run = () =>
    JSON.parse(execFileSync(process.execPath, [cli, `${origin}/`, ...asked], options))
  // Lighthouse itself asks for several runs: machines are noisy.
  const runs = Array.from({ length: quick ? 1 : 3 }, run)
  return named((name) =>
    Math.round(median(runs.map(({ categories: found }) => found[name].score)) * 100),
  )
}

async function placesOf(field, count) {
  const places = []
  for (let n = 0; n < count; n += 1) {
    const place = { name: `Exempel ${n}`, place_type: 'park', district: 'farsta', position: null }
    places.push((await record(field.page, { type: 'new_place', place }, `place-${n}`)).document)
  }
  return places
}

console.table(figures)
