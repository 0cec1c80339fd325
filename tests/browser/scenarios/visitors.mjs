// What visitors see: leaflets in their language, and a page for what they think.
import { Browser, DESK } from '../lib/browser.mjs'
import { phone } from '../lib/phone.mjs'
import { equal, ok, test } from '../lib/runner.mjs'

test('a leaflet is shown without network and recorded with version and language', async (context) => {
  const { server, browser, field } = await phone(context)
  await field.newPlace('Exempelparken', 'farsta')
  await field.countHere({ adults: 1 })
  await field.done()
  await field.received()
  // The leaflets have come to the phone by themselves.
  await field.page.waitForTimeout(1500)
  await server.stop()

  await field.killAndReopen(server.origin)
  await field.tap('link', /^Möte/)
  await field.page.getByText('Information du gav', { exact: true }).first().click()
  await field.tap('link', 'Visa ett blad')
  await field.page.getByRole('radio', { name: 'Български' }).check({ force: true })
  await field.tap('link', /Вашите права/)
  const leaflet = field.page.getByTestId('leaflet')
  await leaflet.filter({ hasText: 'примерен текст' }).waitFor()
  equal(await leaflet.getAttribute('lang'), 'bg', 'the leaflet says its language')
  await field.tap('button', 'Română')
  await leaflet.filter({ hasText: 'text de exemplu' }).waitFor()
  await field.tap('button', 'Visat: skriv upp i ett möte')
  await field.page.getByText('Information du gav', { exact: true }).first().click()
  await field.page.getByText('Rättigheter: visat blad, rumänska, version 2026-11').waitFor()
  await field.save('Spara möte', 'Mötet är sparat på telefonen')

  await server.start()
  await field.syncNow()
  await field.goto(`${server.origin}/`)
  await field.received()
  equal(browser.complaints, [], 'complaints')
})

test('a visitor says something, and reads the answer', async (context) => {
  const { server, browser: worker, field } = await phone(context, { organisation: 'forening-a' })
  const visitor = new Browser(context.directory, 'visitor')
  const desk = new Browser(context.directory, 'desk', DESK)
  for (const browser of [visitor, desk]) context.cleanup(() => browser.kill())
  await field.tap('link', 'Information att visa')
  await field.tap('link', 'Visa koden för synpunkter')
  const code = field.page.getByRole('img', { name: /\/synpunkter\/forening-a$/ })
  await code.waitFor()

  // The page needs neither the core nor anything kept on the visitor's phone.
  const asked = []
  await visitor.open('about:blank')
  visitor.page.on('request', (request) => asked.push(request.url()))
  await visitor.page.goto(`${server.origin}/synpunkter/forening-a`)
  await visitor.page.getByRole('button', { name: 'Română' }).click()
  await visitor.page.getByText('Förening A (exempel)').waitFor()
  await visitor.page.getByRole('button', { name: 'Trimite' }).click()
  await visitor.page.getByText('Scrieți mai întâi ceva.').waitFor()
  await visitor.page.getByLabel('Scrieți aici').fill('Mesaj de exemplu')

  // Without a server nothing that was written is lost.
  await server.stop()
  await visitor.page.getByRole('button', { name: 'Trimite' }).click()
  await visitor.page.getByRole('alert').waitFor()
  equal(await visitor.page.getByLabel('Scrieți aici').inputValue(), 'Mesaj de exemplu', 'the text')
  await server.start()
  await visitor.page.getByRole('button', { name: 'Trimite' }).click()
  const link = visitor.page.getByRole('link', { name: /synpunkter\/svar\// })
  const address = await link.getAttribute('href')
  ok(!asked.some((url) => /\.wasm|worker/.test(url)), `asked for ${asked.join(' ')}`)
  const kept = await visitor.page.evaluate(async () => ({
    cookies: document.cookie,
    local: Object.keys(localStorage),
    databases: (await indexedDB.databases()).map((database) => database.name),
    workers: (await navigator.serviceWorker.getRegistrations()).length,
  }))
  equal(kept, { cookies: '', local: [], databases: [], workers: 0 }, 'kept on the visitor’s phone')

  await desk.connect(server.invite('coordinator', 'forening-a'))
  await desk.page.getByRole('link', { name: 'Synpunkter' }).click()
  const view = desk.page.getByTestId('feedback')
  await view.filter({ hasText: 'Mesaj de exemplu' }).waitFor()
  await view.filter({ hasText: 'Rumänska' }).waitFor()
  await view.getByText('Vad har gjorts?').first().click()
  await view.getByLabel('Vad har gjorts?').selectOption('answered')
  await view.getByLabel('Svar till den som skrev').fill('Mulțumim')
  await view.getByRole('button', { name: 'Spara' }).click()
  await view.filter({ hasText: 'Besvarad' }).waitFor()

  await visitor.page.goto(address)
  await visitor.page.getByRole('button', { name: 'Română' }).click()
  await visitor.page.getByTestId('answer').filter({ hasText: 'Mulțumim' }).waitFor()
  for (const browser of [worker, visitor, desk]) {
    equal(browser.complaints, [], `${browser.name} complained`)
  }
})
