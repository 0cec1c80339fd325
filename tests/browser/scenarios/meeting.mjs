// The main job: phones without network → one merged estimate.
import { Browser, DESK } from '../lib/browser.mjs'
import { Field } from '../lib/field.mjs'
import { equal, ok, test } from '../lib/runner.mjs'
import { Server } from '../lib/server.mjs'

const PLACE = 'Exempelbron'

test('what phones recorded without network becomes one estimate', async ({
  directory,
  cleanup,
}) => {
  const server = await Server.create(directory)
  cleanup(() => server.kill())
  await server.start()

  const browsers = ['one', 'two', 'other'].map((name) => new Browser(directory, name))
  const desk = new Browser(directory, 'desk', DESK)
  for (const browser of [...browsers, desk]) cleanup(() => browser.kill())
  const [one, two, other] = browsers.map((browser) => new Field(browser))
  await one.enrol(server.invite('worker', 'eu-teamet'))
  await two.enrol(server.invite('worker', 'eu-teamet'))
  await other.enrol(server.invite('worker', 'forening-a'))

  // A place and a count, received by the server.
  await one.newPlace(PLACE, 'sodermalm')
  await one.countHere({ adults: 4 })
  await one.done()
  await one.received()
  await two.page.getByRole('region', { name: 'I natt' }).getByText(PLACE).first().waitFor()

  await other.syncNow()
  await other.tap('link', 'Alla platser')
  await other.page
    .getByRole('link', { name: new RegExp(PLACE) })
    .first()
    .waitFor()
  await other.goto(server.origin)

  // The coordinator looks on, without reloading, until the end of the test.
  await desk.connect(server.invite('coordinator', 'eu-teamet'))
  const headline = desk.page.getByTestId('headline')
  await headline.filter({ hasText: 'Vi såg 4 personer' }).waitFor()
  await desk.page.evaluate(() => {
    window.neverReloaded = true
  })

  // The server stops. Everybody goes on.
  await server.stop()
  await one.openVisit(PLACE)
  await one.tap('link', /^Ändra räkning/)
  await one.tap('button', 'Fler: Vuxna')
  await one.save(/^Spara/, 'sparad på telefonen')
  await one.done()
  await one.stateSays(/1 väntar/)

  await two.openVisit(PLACE)
  await two.tap('link', /^Ändra räkning/)
  for (let i = 0; i < 3; i += 1) await two.tap('button', 'Fler: Vuxna')
  await two.save(/^Spara/, 'sparad på telefonen')
  await two.tap('link', 'Möte här')
  await two.page.getByRole('checkbox', { name: 'Rumänska' }).check()
  await two.page.getByText('Information du gav', { exact: true }).first().click()
  await two.page.getByRole('checkbox', { name: 'Rättigheter' }).check()
  await two.save('Spara möte', 'Mötet är sparat på telefonen')
  await two.done()
  await two.stateSays(/väntar/)

  await other.countAt(PLACE, { adults: 9 })
  await other.done()
  await other.stateSays(/1 väntar/)

  // A phone dies at once after a save; nothing is lost, and the app starts
  // without a server.
  await two.killAndReopen(server.origin)
  await two.stateSays(/väntar/)
  await two.openVisit(PLACE)
  await two.page.getByText('7 vuxna').first().waitFor()
  await two.page
    .getByText(/Rumänska/)
    .first()
    .waitFor()
  await two.tap('button', 'Klar')

  // The server is back: every phone gets rid of what waited.
  await server.start()
  for (const phone of [one, two, other]) {
    await phone.syncNow()
    await phone.received()
  }

  // Both edits are there, both values are shown, and somebody chooses.
  for (const phone of [one, two]) {
    await phone.syncNow()
    await phone.page.getByText('1 uppgift har två värden').waitFor()
  }
  await one.tap('link', /1 uppgift har två värden/)
  const choice = one.page.getByRole('group', { name: /Två värden/ })
  const values = await choice.getByRole('button').locator('.value').allInnerTexts()
  equal(values.toSorted(), ['5', '7'], 'both values are shown')
  await choice.getByRole('button', { name: /^Välj 7 / }).click()
  await one.receipt('Valt')
  await one.goto(`${server.origin}/`)
  await one.received()

  // The coordinator's page has followed by itself: the place counts once, the
  // median of 7 and 9, never 16.
  await headline.filter({ hasText: 'Vi såg 8 personer' }).waitFor()
  equal(await desk.page.evaluate(() => window.neverReloaded), true, 'the page was not reloaded')
  await desk.page
    .getByRole('row', { name: /Södermalm/ })
    .filter({ hasText: '8' })
    .waitFor()

  // The other organisation sees that others were here, not whom they met.
  await other.tap('link', 'Alla platser')
  await other.tap('link', new RegExp(PLACE))
  await other.page
    .getByText(/EU-teamet/)
    .first()
    .waitFor()
  // What the encounter's people were told came to the colleague's phone, and only there.
  ok(one.browser.wasSent('rights'), 'the encounter reached its own organisation')
  ok(!other.browser.wasSent('rights'), 'the encounter stayed within its organisation')

  for (const browser of [...browsers, desk]) {
    equal(browser.complaints, [], `what ${browser.name} complained about`)
  }
  await server.stop()
  server.run('rebuild')
})
