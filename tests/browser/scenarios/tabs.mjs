// Tabs, crashes, full and lost storage, new versions: what is saved stays saved.
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { PATIENCE } from '../lib/browser.mjs'
import { engineState, record, recordMany, recordsIn } from '../lib/engine.mjs'
import { phone } from '../lib/phone.mjs'
import { equal, ok, test } from '../lib/runner.mjs'

/** Writes of each tab. */
const WRITES = 500

async function onePlace(field, name = 'Exempelparken') {
  await field.newPlace(name, 'farsta')
  await field.countHere({ adults: 1 })
  await field.done()
}

const placesIn = (state) =>
  state.documents.filter(({ view }) => view.kind === 'place').map(({ view }) => view.document)

test('two tabs write 500 each: nothing is lost, and everybody has the same', async (context) => {
  const { server, browser, field } = await phone(context)
  const tabs = browser.page.context()
  const first = browser.page
  const saved = new Set()
  const newTab = async () => {
    const page = await tabs.newPage()
    // A page that need not be drawn anew with each record.
    await page.goto(`${server.origin}/om`)
    // The tab that is open hands over the key.
    await page.getByRole('heading', { name: 'Vad händer med det du skriver?' }).waitFor()
    await page.exposeFunction('tellSaved', (id) => void saved.add(id))
    return page
  }
  const second = await newTab()
  const third = await newTab()
  const district = { place_type: 'park', district: 'farsta', position: null }
  for (let n = 0; n < 40; n += 1) {
    await record(
      second,
      { type: 'new_place', place: { name: `Exempel ${n}`, ...district } },
      `place-${n}`,
    )
  }
  const places = placesIn(await engineState(second))
  equal(places.length, 40, 'places')
  // The first leads; in the middle it goes away, and another one leads.
  const writing = [
    recordMany(second, { places, count: WRITES, lanes: 4, name: 'second' }),
    recordMany(third, { places, count: WRITES, lanes: 4, name: 'third' }),
  ]
  while (saved.size < WRITES / 2) await new Promise((resolve) => setTimeout(resolve, 50))
  await first.close()
  equal(await Promise.all(writing), [[], []], 'writes that failed')
  const records = new Set(recordsIn(await engineState(second)))
  equal(
    [...saved].filter((one) => !records.has(one)),
    [],
    'records lost',
  )
  equal(saved.size, 2 * WRITES, 'records said to be saved')
  equal(records.size, 2 * WRITES, 'records on the phone')

  // Another phone gets all of it, and both stand at the same heads.
  browser.page = second
  await second.goto(`${server.origin}/`)
  await field.syncNow()
  await second.getByTestId('state-line').filter({ hasNotText: 'väntar' }).waitFor()
  const other = await phone(context, { name: 'other', server })
  // It says received after each page of what there is.
  let there = await engineState(other.field.page)
  const deadline = Date.now() + PATIENCE
  while (recordsIn(there).length < records.size && Date.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, 200))
    there = await engineState(other.field.page)
  }
  const here = await engineState(second)
  equal(recordsIn(there).toSorted(), recordsIn(here).toSorted(), 'records on both phones')
  const contents = (state) =>
    Object.fromEntries(state.documents.map(({ view }) => [view.document, JSON.stringify(view)]))
  equal(
    Object.entries(contents(there)).toSorted(),
    Object.entries(contents(here)).toSorted(),
    'contents',
  )
  equal(here.documents.filter(({ unsent }) => unsent > 0).length, 0, 'unsent')
})

test('a tab that follows saves on when the one that leads is closed', async (context) => {
  const { server, browser, field } = await phone(context)
  await onePlace(field)
  const first = browser.page
  browser.page = await first.context().newPage()
  await browser.page.goto(`${server.origin}/`)
  await field.page.getByTestId('state-line').waitFor()
  await field.tap('link', /^Räkna/)
  await field.tap('link', /Exempelparken/)
  await field.tap('button', 'Fler: Vuxna')
  await Promise.all([first.close(), field.save(/^Spara 1 person/, 'sparat på telefonen')])
  equal(await field.page.getByRole('link', { name: /^Ändra räkning/ }).count(), 2, 'counts')
})

/** The engine's worker. */
async function engineWorker(page) {
  const worker = page
    .workers()
    .find((found) => /worker-/.test(found.url()) && !/kdf/.test(found.url()))
  ok(worker, 'there is a worker')
  return worker
}

test('a worker that crashes is started again, and what was saved is there', async (context) => {
  const { browser, field } = await phone(context)
  await onePlace(field)
  const worker = await engineWorker(field.page)
  await worker.evaluate(() => {
    setTimeout(() => {
      throw new Error('crash on purpose')
    })
  })
  await field.countAt('Exempelparken', { adults: 2 })
  equal(await field.page.getByRole('link', { name: /^Ändra räkning/ }).count(), 2, 'counts')
  const unexpected = browser.complaints.filter((line) => !line.includes('crash on purpose'))
  equal(unexpected, [], 'complaints')
})

test('a connection to the storage that is lost is opened again; a full one says so', async (context) => {
  const { browser, field } = await phone(context)
  await onePlace(field)
  const worker = await engineWorker(field.page)
  // What Safari does when it wakes: the next use of the old connection fails.
  await worker.evaluate(() => {
    const { transaction } = IDBDatabase.prototype
    IDBDatabase.prototype.transaction = function lost() {
      IDBDatabase.prototype.transaction = transaction
      throw new DOMException('Connection to Indexed Database server lost.', 'InvalidStateError')
    }
  })
  await field.countAt('Exempelparken', { adults: 2 })
  equal(await field.page.getByRole('link', { name: /^Ändra räkning/ }).count(), 2, 'counts')

  // No room: it is not said to be saved, and what was typed stays.
  await worker.evaluate(() => {
    const { put } = IDBObjectStore.prototype
    IDBObjectStore.prototype.put = function full() {
      throw new DOMException('no room', 'QuotaExceededError')
    }
    self.makeRoom = () => {
      IDBObjectStore.prototype.put = put
    }
  })
  await field.tap('link', 'Räkna igen')
  await field.tap('button', 'Fler: Vuxna')
  await field.tap('button', /^Spara 1 person/)
  await field.page.getByTestId('receipt-failed').filter({ hasText: 'lagring är full' }).waitFor()
  await worker.evaluate(() => self.makeRoom())
  await field.save(/^Spara 1 person/, 'sparat på telefonen')
  equal(await field.page.getByRole('link', { name: /^Ändra räkning/ }).count(), 3, 'counts')
  equal(browser.complaints, [], 'complaints')
})

test('a new version comes when it is asked for, and takes what is unsent along', async (context) => {
  const { directory } = context
  const next = join(directory, 'next')
  cpSync(process.env.LAGESBILD_WEB, next, { recursive: true })
  const { server, browser, field } = await phone(context)
  await onePlace(field)
  await field.page.evaluate(() => navigator.serviceWorker.ready.then(() => true))
  // The first page of a new phone is not the service worker's yet.
  await field.goto(`${server.origin}/`)
  await server.stop()

  // The next version: other pages, so another service worker.
  const index = join(next, 'index.html')
  writeFileSync(
    index,
    readFileSync(index, 'utf8').replace('<head>', '<head><meta name="build" content="next">'),
  )
  const worker = join(next, 'sw.js')
  const old = readFileSync(worker, 'utf8')
  const renamed = old.replace(
    /("?url"?:\s*"index\.html",\s*"?revision"?:\s*")[^"]*|("?revision"?:\s*")[^"]*("\s*,\s*"?url"?:\s*"index\.html")/,
    (all, a, b, c) => (a ? `${a}next` : `${b}next${c}`),
  )
  ok(renamed !== old, 'the next version has another index.html')
  writeFileSync(worker, renamed)
  for (const file of ['index.html', 'sw.js']) {
    for (const packed of ['br', 'gz']) rmSync(join(next, `${file}.${packed}`), { force: true })
  }
  server.web = next
  await server.start()
  await field.page.evaluate(() =>
    navigator.serviceWorker
      .getRegistration()
      .then((r) => r.update())
      .then(() => true),
  )
  await field.page.getByTestId('update-ready').waitFor()
  equal(
    await field.page.locator('meta[name=build]').count(),
    0,
    'it is not taken before it is asked for',
  )
  await server.stop()
  await field.countAt('Exempelparken', { adults: 2 })
  await field.done()
  await field.stateSays('väntar')
  await field.tap('button', 'Uppdatera')
  await field.page.locator('meta[name=build]').waitFor({ state: 'attached' })
  await field.unlock()
  await field.stateSays('väntar')
  await field.openVisit('Exempelparken')
  equal(await field.page.getByRole('link', { name: /^Ändra räkning/ }).count(), 2, 'counts')
  await field.done()
  await server.start()
  await field.syncNow()
  await field.page.getByTestId('state-line').filter({ hasNotText: 'väntar' }).waitFor()
  equal(browser.complaints, [], 'complaints')
})

test('a phone whose storage the browser threw away says so, and gets it back', async (context) => {
  const { server, field } = await phone(context)
  await onePlace(field)
  await field.received()
  const cdp = await field.page.context().newCDPSession(field.page)
  await cdp.send('Storage.clearDataForOrigin', { origin: server.origin, storageTypes: 'indexeddb' })
  await field.page.goto(`${server.origin}/`)
  await field.page.getByRole('heading', { name: 'Telefonen har rensat appen' }).waitFor()
  await field.page.getByLabel('Kod från länken').fill(server.invite('worker', 'eu-teamet'))
  await field.tap('button', 'Anslut telefonen')
  await field.secure()
  await field.tap('button', 'Börja')
  await field.openVisit('Exempelparken')
  await field.page.getByRole('heading', { name: 'Exempelparken' }).waitFor()
})
