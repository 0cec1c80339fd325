// What is typed keeps its place and its maker, and is saved once.
import { PASSPHRASE } from '../lib/field.mjs'
import { phone } from '../lib/phone.mjs'
import { equal, ok, test } from '../lib/runner.mjs'

test('a draft belongs to what it is about, goes along when the place is corrected, and is saved once', async (context) => {
  const { field, browser } = await phone(context)
  await field.newPlace('Exempelparken', 'farsta')
  await field.countHere({ adults: 1 })
  await field.done()

  // Another new place begins empty; the first one's draft lies under its own name.
  const named = async (name) => {
    await field.tap('link', /^Räkna/)
    await field.page.getByRole('searchbox').fill(name)
    await field.tap('link', `Ny plats: ${name}`)
  }
  const note = () => field.page.getByLabel('Hur man hittar dit')
  const back = async () => {
    await field.tap('button', 'Tillbaka')
    await field.tap('button', 'Tillbaka')
  }
  await named('Norra exempelbron')
  // A field says how much room is left when that is little.
  await note().fill('x'.repeat(890))
  await field.page.getByText('10 tecken kvar').waitFor()
  await note().fill('under fästet')
  await field.page.getByLabel('Stadsdelsområde').selectOption('farsta')
  await back()
  await named('Södra exempelbron')
  equal(await note().inputValue(), '', 'the note of another place')
  equal(await field.page.getByLabel('Stadsdelsområde').inputValue(), '', 'its district')
  await field.page.getByLabel('Stadsdelsområde').selectOption('farsta')
  await field.tap('button', 'Spara plats')
  await field.receipt('sparad på telefonen')

  // What is typed is what is stored: digits of any script, and nothing half-read.
  const adults = () => field.page.getByLabel('Vuxna', { exact: true })
  await adults().fill('٣')
  equal(await adults().inputValue(), '3', 'Arabic digits')
  await adults().fill('3,5')
  equal(await adults().inputValue(), '3', 'what cannot be read changes nothing')
  await field.page.getByText('Skriv ett helt tal med siffror').waitFor()
  await field.save('Spara 3 personer', '3 personer, sparat på telefonen')
  await field.done()
  await named('Norra exempelbron')
  await field.page.getByText('Du hade börjat på den här platsen').waitFor()
  equal(await note().inputValue(), 'under fästet', 'the note of its own place')
  await back()

  // The answers of an encounter go along to another place.
  await field.tap('link', /^Möte/)
  await field.tap('button', 'Fler: Vuxna')
  await field.tap('button', 'Fler: Vuxna')
  await field.tap('button', 'Byt plats')
  await field.tap('link', /^Exempelparken/)
  await field.page.getByText('Exempelparken · Farsta').waitFor()
  equal(await adults().inputValue(), '3', 'adults at the right place')

  // One tap is there after a reload a tenth of a second later.
  await field.tap('button', 'Fler: Vuxna')
  await field.page.waitForTimeout(100)
  await field.page.reload()
  await field.unlock()
  await field.page.getByText('Du hade börjat på det här mötet').waitFor()
  equal(await adults().inputValue(), '4', 'the tap before the reload')

  // The same form in a second tab: saved in one, it is saved.
  const second = await browser.page.context().newPage()
  await second.goto(field.page.url())
  const locked = second.getByLabel('Lösenfras')
  await locked.or(second.getByText('Du hade börjat på det här mötet')).waitFor()
  if (await locked.isVisible()) {
    await locked.fill(PASSPHRASE)
    await second.getByRole('button', { name: 'Lås upp' }).click()
  }
  await second.getByText('Du hade börjat på det här mötet').waitFor()
  await field.save('Spara möte', 'sparat på telefonen')
  await second.getByTestId('draft-taken').waitFor()
  ok(await second.getByRole('button', { name: 'Spara möte' }).isDisabled(), 'not saved twice')
  const encounters = field.page.getByRole('link', { name: /^Ändra möte/ })
  await encounters.first().waitFor()
  equal(await encounters.count(), 1, 'encounters')
  await second.close()

  // The next night, what was not saved is offered: it is not tonight's.
  const tonight = await field.page.evaluate(() => Date.now())
  await field.tap('link', 'Räkna igen')
  await field.tap('button', 'Fler: Vuxna')
  await field.tap('button', 'Fler: Vuxna')
  equal(await adults().inputValue(), '2', 'adults of tonight')
  await field.page.clock.setFixedTime(tonight + 24 * 3_600_000)
  await field.page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')))
  // A phone that nobody has touched for a day is locked.
  await field.unlock()
  const offered = field.page.getByTestId('draft-offered')
  await offered.waitFor()
  equal(await adults().inputValue(), '0', 'adults of the next night')
  await offered.getByRole('button', { name: 'Gå vidare med det' }).click()
  equal(await adults().inputValue(), '2', 'adults that somebody chose to go on with')
  equal(browser.complaints, [], 'complaints')
})
