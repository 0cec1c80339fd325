// An acute need: the call first, then the alert, and nobody is said to know
// before a person has said so.
import { Browser, DESK } from '../lib/browser.mjs'
import { Field } from '../lib/field.mjs'
import { equal, ok, test } from '../lib/runner.mjs'
import { Server } from '../lib/server.mjs'

/** Keeps `tel:` links from leaving the page; the app's own click handler still runs. */
async function withoutTelephone(page) {
  await page.evaluate(() =>
    document.addEventListener('click', (event) => {
      if (event.target.closest('a[href^="tel:"]')) event.preventDefault()
    }),
  )
}

test('an alert is not called received until a person has said so', async ({
  directory,
  cleanup,
}) => {
  const server = await Server.create(directory)
  cleanup(() => server.kill())
  await server.start()
  const phone = new Browser(directory, 'phone')
  const jour = new Browser(directory, 'jour', DESK)
  cleanup(() => phone.kill())
  cleanup(() => jour.kill())
  const field = new Field(phone)
  await field.enrol(server.invite('worker', 'forening-a'))
  await field.newPlace('Exempelparken', 'farsta')
  await field.countHere({ adults: 1 })
  await field.done()
  await field.received()

  // Without a server: the card is there, the call is noted, and the tab dies
  // while the telephone has the screen.
  await server.stop()
  await field.tap('link', /^Akut/)
  await withoutTelephone(field.page)
  await field.tap('link', /^Ring Socialjouren/)
  await field.page.waitForTimeout(500)
  await field.killAndReopen(server.origin)
  await field.tap('link', /^Akut/)
  await field.tap('link', 'Skriv upp och larma')
  await field.page.getByText(/^Socialjouren, dygnet runt, \d\d:\d\d$/).waitFor()
  await field.page.getByRole('radio', { name: 'Socialsekreterare' }).check({ force: true })
  await field.page.getByRole('group', { name: 'Var?' }).getByText('Exempelparken').click()
  await field.tap('button', 'Spara larmet')
  await field.page.getByText('Välj vad det gäller.').waitFor()
  await field.page.getByRole('radio', { name: 'Graviditet' }).check({ force: true })
  await field.tap('button', 'Spara larmet')
  await field.receipt('Larmet är sparat på telefonen')
  const state = field.page.getByTestId('alert-state')
  await state.filter({ hasText: 'bara på telefonen' }).waitFor()
  await state.filter({ hasText: 'Socialsekreterare svarade i telefon' }).waitFor()

  // The server has it: still nobody.
  await server.start()
  await field.syncNow()
  await state.filter({ hasText: 'ingen människa har sagt' }).waitFor()
  ok(!/mottag|kvitterat \d/i.test(await state.innerText()), 'not called received')
  await field.goto(`${server.origin}/`)
  await field.page.getByTestId('alert-watch').waitFor()

  // The duty service, of another organisation, sees it and says so.
  await jour.connect(server.invite('duty', 'eu-teamet'))
  const card = jour.page.getByTestId('alert')
  await card.filter({ hasText: 'Exempelparken' }).waitFor()
  await card.filter({ hasText: 'Ingen har kvitterat' }).waitFor()
  equal(await jour.page.getByRole('link', { name: 'Telefoner' }).count(), 0, 'other pages for duty')
  await jour.page.getByLabel('Vem tar det').fill('Jouren åker dit')
  await jour.page.getByRole('button', { name: 'Kvittera' }).click()
  await card.filter({ hasText: 'Kvitterat' }).waitFor()

  await field.syncNow()
  await field.page.getByTestId('alert-watch').waitFor({ state: 'detached' })
  await field.tap('link', /^Akut/)
  await field.tap('link', /Graviditet/)
  await state.filter({ hasText: 'Jouren åker dit' }).waitFor()

  // And ends it.
  await jour.page.getByLabel('Hur slutade det?').selectOption('taken_over')
  await jour.page.getByRole('button', { name: 'Lägg till' }).click()
  await jour.page.getByRole('heading', { name: 'Avslutade' }).waitFor()
  await field.syncNow()
  await state.filter({ hasText: 'Jouren har tagit över' }).waitFor()
  for (const browser of [phone, jour]) equal(browser.complaints, [], `${browser.name} complained`)
  await server.stop()
  server.run('rebuild')
})
