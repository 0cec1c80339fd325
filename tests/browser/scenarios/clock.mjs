// Phones whose clock is wrong: the machine's, so that page, worker and service
// worker all have it. What is recorded gets the right time all the same.
import { Browser, DESK } from '../lib/browser.mjs'
import { engineState } from '../lib/engine.mjs'
import { phone } from '../lib/phone.mjs'
import { equal, ok, test } from '../lib/runner.mjs'
import { wrongClock } from '../lib/wrong-clock.mjs'

const DAY_S = 86_400
const MINUTE_MS = 60_000

/** When each count was recorded, as a phone holds it; the earliest first. */
async function countedAt(page) {
  const { documents } = await engineState(page)
  return documents
    .filter(({ view }) => view.kind === 'visit')
    .flatMap(({ view }) => Object.values(view.content.counts).map((count) => count.at))
    .toSorted((a, b) => a - b)
}

for (const [what, seconds, said] of [
  ['that believes it is 2015', -4000 * DAY_S, 'går 4000 dagar fel'],
  ['that is four days ahead', 4 * DAY_S, 'går 4 dagar fel'],
]) {
  test(`a phone with a clock ${what} records at the right time, offline and after a restart too`, async (context) => {
    const environment = wrongClock(context.directory, seconds)
    const { server, browser, field } = await phone(context, { environment })
    const colleague = await phone(context, { name: 'colleague', server })
    const off = (await field.page.evaluate(() => Date.now())) - Date.now()
    ok(Math.abs(off - seconds * 1000) < MINUTE_MS, `the browser's clock is ${off} ms ahead`)

    // What the server's reply taught it is said in words where one records.
    await field.received()
    await field.newPlace('Exempelparken', 'farsta')
    const notice = () => field.page.getByTestId('clock')
    await notice().filter({ hasText: said }).filter({ hasText: 'får rätt tid ändå' }).waitFor()
    const times = [Date.now()]
    await field.countHere({ adults: 1 })
    await field.done()
    await field.received()

    // Without the server, and after the browser has died.
    await server.stop()
    times.push(Date.now())
    await field.countAt('Exempelparken', { adults: 2 })
    await field.killAndReopen(server.origin)
    await field.tap('link', /^Räkna/)
    await field.tap('link', /Exempelparken/)
    await notice().filter({ hasText: said }).waitFor()
    times.push(Date.now())
    await field.countHere({ adults: 3 })
    await field.done()
    await field.stateSays('väntar')

    // The server lets all of it in, and a colleague's phone has the true times.
    await server.start()
    await field.syncNow()
    await field.received()
    await colleague.field.syncNow()
    const tonight = colleague.field.page.getByRole('region', { name: 'I natt' })
    await tonight.getByText('2 personer').waitFor()
    const stamped = await countedAt(colleague.field.page)
    equal(stamped.length, times.length, 'counts that the colleague has')
    for (const [n, at] of times.entries()) {
      ok(
        Math.abs(stamped[n] - at) < MINUTE_MS,
        `count ${n} is ${stamped[n] - at} ms from the truth`,
      )
    }
    const { sync } = await engineState(field.page)
    equal(sync.rejected, [], 'refused by the server')

    const desk = new Browser(context.directory, 'desk', DESK)
    context.cleanup(() => desk.kill())
    await desk.connect(server.invite('coordinator', 'eu-teamet'))
    await desk.page.getByRole('link', { name: 'Stoppat' }).click()
    await desk.page.getByText('Inget är stoppat.').waitFor()
    for (const one of [browser, colleague.browser, desk])
      equal(one.complaints, [], `${one.name} complained`)
  })
}

test('a clock that is put ahead while the app is closed and without network is doubted until the server is heard', async (context) => {
  const { server, browser, field } = await phone(context)
  await field.newPlace('Exempelparken', 'farsta')
  await field.countHere({ adults: 1 })
  await field.done()
  await field.received()
  const notice = () => field.page.getByTestId('clock')
  equal(await notice().count(), 0, 'notices of a clock that is right')
  const reopenWith = async (seconds) => {
    await server.stop()
    await browser.kill()
    browser.environment = wrongClock(context.directory, seconds)
    await browser.open(`${server.origin}/`)
    await field.unlock()
  }

  // From a phone that lay closed for four days it cannot be told.
  await reopenWith(4 * DAY_S)
  await notice().filter({ hasText: 'Klockan i telefonen kan vara fel' }).waitFor()
  await server.start()
  await field.syncNow()
  await notice().filter({ hasText: 'går 4 dagar fel' }).waitFor()

  // Further than a phone may be without the server: nothing is shown, and it says that it may be the clock.
  await reopenWith(24 * DAY_S)
  await field.page
    .getByTestId('lease')
    .filter({ hasText: 'på 20 dagar, eller så går dess klocka fel' })
    .waitFor()
  await server.start()
  await field.tap('button', 'Försök nå servern')
  await notice().filter({ hasText: 'går 24 dagar fel' }).waitFor()
  await field.received()
  equal(browser.complaints, [], 'complaints')
})
