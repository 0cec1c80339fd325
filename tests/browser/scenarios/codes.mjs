// Re-sighting codes: two organisations' phones make the same code of one
// person, and the server gets neither the key nor the answers.
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { Browser, DESK } from '../lib/browser.mjs'
import { Field } from '../lib/field.mjs'
import { equal, ok, test } from '../lib/runner.mjs'
import { Server } from '../lib/server.mjs'

/** Everything that a browser's pages and workers send. */
function overhear(browser, heard) {
  browser.page.context().on('request', (request) => {
    heard.push(request.url(), request.postDataBuffer()?.toString('latin1') ?? '')
  })
}

function filesBelow(directory) {
  return readdirSync(directory).flatMap((name) => {
    const path = join(directory, name)
    return statSync(path).isDirectory() ? filesBelow(path) : [path]
  })
}

async function answer(field, { name, mother }) {
  await field.page.getByText('Kod för att känna igen', { exact: true }).click()
  await field.page.getByLabel('Förnamnets två första bokstäver').fill(name)
  await field.page.getByLabel('Mammans förnamn, två första bokstäver').fill(mother)
  await field.page.getByLabel('Föddes dag').fill('17')
  await field.page.getByLabel('månad').fill('11')
  const line = field.page.getByText(/^Kod: [0-9a-z]{12}$/)
  return (await line.innerText()).slice('Kod: '.length)
}

test('two phones make one code, and the server never gets the key', async ({ directory, cleanup }) => {
  const server = await Server.create(directory)
  cleanup(() => server.kill())
  await server.start()
  const desk = new Browser(directory, 'desk', DESK)
  const other = new Browser(directory, 'otherdesk', DESK)
  const phones = ['one', 'two', 'bare'].map((name) => new Browser(directory, name))
  for (const browser of [desk, other, ...phones]) cleanup(() => browser.kill())
  const [one, two, bare] = phones.map((browser) => new Field(browser))
  const heard = []

  // The first coordinator's browser makes the key with the first link.
  await desk.open('about:blank')
  overhear(desk, heard)
  await desk.page.goto(server.invite('coordinator', 'eu-teamet'))
  await desk.page.getByRole('link', { name: 'Telefoner' }).click()
  await desk.page.getByText('Nyckeln görs i den här webbläsaren').waitFor()
  await desk.page.getByRole('button', { name: 'Skapa länk' }).click()
  await desk.page.getByText('Länken har gruppnyckeln med sig.').waitFor()
  const link = await desk.page.getByLabel(/^Länk/).inputValue()
  const key = /team=([A-Za-z0-9_-]{43})$/.exec(link)?.[1]
  ok(key !== undefined, 'the link carries a key')

  // A coordinator of another organisation takes it over by hand.
  await other.open('about:blank')
  overhear(other, heard)
  await other.page.goto(server.invite('coordinator', 'forening-a'))
  await other.page.getByRole('link', { name: 'Telefoner' }).click()
  await other.page.getByText('men inte i den här webbläsaren').waitFor()
  await other.page.getByLabel('Gruppnyckel eller länk med nyckeln').fill(link)
  await other.page.getByRole('button', { name: 'Spara nyckeln' }).click()
  await other.page.getByText('Den här webbläsaren har nyckeln.').waitFor()
  await other.page.getByRole('button', { name: 'Skapa länk' }).click()
  const second = await other.page.getByLabel(/^Länk/).inputValue()
  ok(second.endsWith(`team=${key}`), 'the other desk hands on the same key')

  for (const [field, invitation] of [
    [one, link],
    [two, second],
    [bare, server.invite('worker', 'eu-teamet')],
  ]) {
    await field.browser.open('about:blank')
    overhear(field.browser, heard)
    await field.page.goto(invitation)
    await field.secure()
    await field.tap('button', 'Börja')
    await field.page.getByTestId('state-line').waitFor()
    ok(!field.page.url().includes('team='), 'the key leaves the address bar')
  }
  await one.newPlace('Exempelparken', 'farsta')
  await one.countHere({ adults: 1 })
  await one.done()
  await one.received()

  // The same person, spelt by two workers in two scripts.
  await one.tap('link', /^Möte/)
  const first = await answer(one, { name: 'Ив', mother: 'Zq' })
  await one.save('Spara möte', 'Mötet är sparat på telefonen')
  await two.syncNow()
  await two.tap('link', /^Möte/)
  await two.tap('link', /Exempelparken/)
  equal(await answer(two, { name: 'iv', mother: 'ZK' }), first, 'the code of the same person')
  await two.save('Spara möte', 'Mötet är sparat på telefonen')
  await one.done()
  await one.syncNow()
  await one.received()

  // A phone that was invited from the command line says that it has no key, and takes one.
  await bare.syncNow()
  await bare.tap('link', /^Möte/)
  await bare.tap('link', /Exempelparken/)
  await bare.page.getByText('Kod för att känna igen', { exact: true }).click()
  await bare.page.getByText('Telefonen har ingen gruppnyckel').waitFor()
  await bare.page.getByLabel('Gruppnyckel eller länk med nyckeln').fill(`${server.origin}/#team=${key}`)
  await bare.tap('button', 'Spara nyckeln')
  await bare.page.getByLabel('Förnamnets två första bokstäver').waitFor()

  // What was sent and what the server has on disk: the code, never the key.
  await server.stop()
  const raw = Buffer.from(key, 'base64url')
  const secrets = [key, raw.toString('hex'), raw.toString('base64').replace(/=$/, ''), raw.toString('latin1')]
  for (const secret of secrets) {
    ok(!heard.some((text) => text.includes(secret)), 'the key was sent')
  }
  const files = filesBelow(server.data).map((path) => readFileSync(path).toString('latin1'))
  ok(files.some((text) => text.includes(first)), 'the code reached the server')
  for (const secret of [...secrets, 'iv|zc']) {
    ok(!files.some((text) => text.includes(secret)), 'the server holds the key or the answers')
  }
  for (const browser of [desk, other, ...phones]) {
    equal(browser.complaints, [], `${browser.name} complained`)
  }
})
