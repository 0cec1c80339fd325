// What was saved survives; taps stay few.
import { record } from '../lib/engine.mjs'
import { killAtRandom } from '../lib/kills.mjs'
import { phone } from '../lib/phone.mjs'
import { equal, ok, test } from '../lib/runner.mjs'

const ROUNDS = 5
/** Kills at random moments: few in every run, 100 on demand (`LAGESBILD_KILLS=100`). */
const KILLS = Number(process.env.LAGESBILD_KILLS ?? 4)

test('a browser killed at once after a save loses nothing', async (context) => {
  const { server, field } = await phone(context)
  await field.newPlace('Exempelparken', 'farsta')
  await field.countHere({ adults: 1 })
  await field.done()
  await server.stop()
  for (let round = 1; round <= ROUNDS; round += 1) {
    await field.countAt('Exempelparken', { adults: 1 })
    await field.killAndReopen(server.origin)
    await field.stateSays('väntar')
    // One count more than before, each an observation of the same place.
    await field.openVisit('Exempelparken')
    const counts = field.page.getByRole('link', { name: /^Ändra räkning/ })
    await counts.nth(round).waitFor()
    equal(await counts.count(), round + 1, 'counts on the phone')
    await field.done()
  }
  await server.start()
  await field.syncNow()
  await field.received()
})

test('a browser killed at random moments while it records loses nothing that was saved', async (context) => {
  const { server, field } = await phone(context)
  await field.newPlace('Exempelparken', 'farsta')
  await field.countHere({ adults: 1 })
  await field.done()
  await server.stop()
  const { said, lost } = await killAtRandom({ field, origin: server.origin, rounds: KILLS })
  ok(said >= KILLS, `only ${said} records were saved in ${KILLS} rounds`)
  equal(lost, [], 'records lost')
})

test('a count at a recent place, and an anonymous encounter, take at most four taps', async (context) => {
  const { field } = await phone(context)
  await field.newPlace('Exempelparken', 'farsta')
  await field.countHere({ adults: 1 })
  await field.done()

  field.startCounting()
  await field.countAt('Exempelparken', { adults: 1 })
  const count = field.taps
  await field.done()
  field.startCounting()
  await field.tap('link', /^Möte/)
  await field.save('Spara möte', 'sparat på telefonen')
  const encounter = field.taps
  ok(count <= 4, `a count takes ${count} taps`)
  ok(encounter <= 4, `an encounter takes ${encounter} taps`)

  // And it can be undone.
  await field.tap('button', 'Ångra')
  await field.page.getByText('Tillbakataget').first().waitFor()
  equal(field.browser.complaints, [], 'complaints')
})

test('a half-written count is kept as a draft', async (context) => {
  const { field, server } = await phone(context)
  await field.newPlace('Exempelparken', 'farsta')
  for (let i = 0; i < 3; i += 1) await field.tap('button', 'Fler: Vuxna')
  await field.page.waitForTimeout(1000)
  const address = field.page.url()
  await field.browser.kill()
  await server.stop()
  await field.browser.open(address)
  await field.unlock()
  await field.page.getByText('Du hade börjat på den här räkningen').waitFor()
  await field.save('Spara 3 personer', '3 personer, sparat på telefonen')
})

test('whoever comes back to a long list is where they were', async (context) => {
  const { field } = await phone(context)
  const { page } = field
  const park = { place_type: 'park', district: 'farsta', position: null }
  for (let n = 10; n < 29; n += 1) {
    await record(
      page,
      { type: 'new_place', place: { name: `Exempel ${n}`, ...park } },
      `place-${n}`,
    )
  }
  await page.getByRole('link', { name: 'Alla platser' }).click()
  const last = page.getByRole('link', { name: /^Exempel 28/ })
  await last.scrollIntoViewIfNeeded()
  const before = await page.evaluate(() => window.scrollY)
  ok(before > 300, `the list is long: ${before}`)
  await last.click()
  await page.getByRole('heading', { name: 'Exempel 28' }).waitFor()
  await page.getByRole('button', { name: 'Tillbaka' }).click()
  await page.getByRole('link', { name: /^Exempel 10/ }).waitFor()
  // Nothing that is drawn later moves it either.
  await page.waitForTimeout(300)
  equal(await page.evaluate(() => window.scrollY), before, 'how far down it is')
})
