// The page that says how the numbers came about: reached from the front page,
// with the period's own figures, and a refusal where there is no number.
import { Browser, DESK, PHONE } from '../lib/browser.mjs'
import { Field } from '../lib/field.mjs'
import { equal, test } from '../lib/runner.mjs'
import { Server } from '../lib/server.mjs'

test('a coordinator reads how the numbers were calculated', async ({ directory, cleanup }) => {
  const server = await Server.create(directory)
  cleanup(() => server.kill())
  await server.start()
  const phone = new Browser(directory, 'phone')
  const desk = new Browser(directory, 'desk', DESK)
  for (const browser of [phone, desk]) cleanup(() => browser.kill())
  const field = new Field(phone)
  await field.enrol(server.invite('worker', 'eu-teamet'))
  await field.newPlace('Exempelparken', 'farsta')
  await field.countHere({ adults: 6 })
  await field.done()
  await field.received()

  await desk.connect(server.invite('coordinator', 'eu-teamet'))
  const { page } = desk
  const headline = await page.getByTestId('headline').filter({ hasText: 'Vi såg 6' }).innerText()
  const seen = page.locator('dl > div').filter({ hasText: 'Sedda en vanlig natt' })
  await seen.getByText('6', { exact: true }).waitFor()
  await page.getByTestId('people').filter({ hasText: 'Vi ger ingen uppskattning' }).waitFor()
  await page.getByRole('link', { name: 'Så har vi räknat' }).click()

  await page.getByRole('heading', { level: 1, name: 'Så räknar vi' }).waitFor()
  const text = await page.locator('main').innerText()
  equal(text.includes(headline), true, 'the sentence of the front page stands here too')
  equal(text.includes('1 av 1 platser är sedda i sin helhet'), true, 'the period’s own figures')
  equal(
    text.includes('inget möte under perioden har en kod'),
    true,
    'why there is no number of people',
  )
  const hash = await page.getByTestId('inputs-hash').innerText()
  equal(/^[0-9a-f]{64}$/.test(hash), true, `a checksum: ${hash}`)
  equal(await page.getByTestId('method-version').innerText(), '1', 'the method’s version')

  // Every plot has its figures as a table too.
  for (const figure of await page.locator('figure').all()) {
    await figure.getByText('Visa som tabell').click()
    await figure.getByRole('table').waitFor()
  }
  for (const viewport of [PHONE, { width: 320, height: 740 }]) {
    await page.setViewportSize(viewport)
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
    // Less than nothing where a scrollbar takes room.
    equal(Math.max(wide, 0), 0, `pixels wider than ${viewport.width}`)
  }
  // The address is its own: it can be sent, and read again without a network.
  await page.reload()
  await page.getByRole('heading', { level: 1, name: 'Så räknar vi' }).waitFor()
  await page.goBack()
  await page.getByTestId('headline').waitFor()
  equal(desk.complaints, [], 'complaints')
})
