// Re-sighting codes: two organisations' phones make the same code of one
// person, and the server gets neither the key nor the answers.
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { violations } from '../lib/axe.mjs'
import { Browser, DESK } from '../lib/browser.mjs'
import { Field } from '../lib/field.mjs'
import { equal, ok, test } from '../lib/runner.mjs'
import { Server } from '../lib/server.mjs'
import { databaseText } from '../lib/storage.mjs'

/** Opens the key at the desks of the tests. */
const DESK_PHRASE = 'kavel mossa trappa'
const ANOTHER_PHRASE = 'granit sparv vinter'

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

/** Gives the passphrase of the team key in the form that is shown. */
async function giveDeskPhrase(page, button, phrase = DESK_PHRASE) {
  const form = page.getByTestId('key-passphrase').filter({ visible: true })
  await form.getByLabel(/ösenfras för gruppnyckeln$/).fill(phrase)
  await form.getByRole('button', { name: button, exact: true }).click()
}

/** Makes a link at a desk; `asked` when it must make or open the key first. */
async function makeLink(page, { asked }) {
  await page.getByTestId('make-link').click()
  if (asked) await giveDeskPhrase(page, 'Skapa länk')
  await page.getByText('Länken har gruppnyckeln med sig.').waitFor()
  return page.getByLabel(/^Länk/).inputValue()
}

const keyOf = (link) => /team=([A-Za-z0-9_-]{43})$/.exec(link)?.[1]

/** A key in every form in which it could lie somewhere. */
function formsOf(key) {
  const raw = Buffer.from(key, 'base64url')
  return [
    key,
    raw.toString('hex'),
    raw.toString('base64').replace(/=$/, ''),
    raw.toString('latin1'),
  ]
}

test('two phones make one code, and the server never gets the key', async ({
  directory,
  cleanup,
}) => {
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
  await desk.press()
  await desk.page.getByRole('link', { name: 'Telefoner' }).click()
  await desk.page.getByText('Nyckeln görs i den här webbläsaren').waitFor()
  const link = await makeLink(desk.page, { asked: true })
  const key = keyOf(link)
  ok(key !== undefined, 'the link carries a key')

  // A coordinator of another organisation takes it over by hand.
  await other.open('about:blank')
  overhear(other, heard)
  await other.page.goto(server.invite('coordinator', 'forening-a'))
  await other.press()
  await other.page.getByRole('link', { name: 'Telefoner' }).click()
  await other.page.getByText('men inte i den här webbläsaren').waitFor()
  await other.page.getByLabel('Gruppnyckel eller länk med nyckeln').fill(link)
  await other.page.getByRole('button', { name: 'Spara nyckeln' }).click()
  await giveDeskPhrase(other.page, 'Spara nyckeln')
  await other.page.getByText('Den här webbläsaren har nyckeln.').waitFor()
  const second = await makeLink(other.page, { asked: false })
  ok(second.endsWith(`team=${key}`), 'the other desk hands on the same key')

  for (const [field, invitation] of [
    [one, link],
    [two, second],
    [bare, server.invite('worker', 'eu-teamet')],
  ]) {
    await field.browser.open('about:blank')
    overhear(field.browser, heard)
    await field.page.goto(invitation)
    await field.browser.press()
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
  await bare.page
    .getByLabel('Gruppnyckel eller länk med nyckeln')
    .fill(`${server.origin}/#team=${key}`)
  await bare.tap('button', 'Spara nyckeln')
  await bare.page.getByLabel('Förnamnets två första bokstäver').waitFor()

  // What was sent and what the server has on disk: the code, never the key.
  await server.stop()
  const secrets = formsOf(key)
  for (const secret of [...secrets, DESK_PHRASE]) {
    ok(!heard.some((text) => text.includes(secret)), 'the key or its passphrase was sent')
  }
  const files = filesBelow(server.data).map((path) => readFileSync(path).toString('latin1'))
  ok(
    files.some((text) => text.includes(first)),
    'the code reached the server',
  )
  for (const secret of [...secrets, DESK_PHRASE, 'iv|zc']) {
    ok(!files.some((text) => text.includes(secret)), 'the server holds the key or the answers')
  }
  for (const browser of [desk, other, ...phones]) {
    equal(browser.complaints, [], `${browser.name} complained`)
  }
})

/** A coordinator's browser at the page about phones. */
async function deskAtPhones({ directory, cleanup }) {
  const server = await Server.create(directory)
  cleanup(() => server.kill())
  await server.start()
  const desk = new Browser(directory, 'desk', DESK)
  cleanup(() => desk.kill())
  await desk.connect(server.invite('coordinator', 'eu-teamet'))
  await desk.page.getByRole('link', { name: 'Telefoner' }).click()
  return { server, desk }
}

test('the key at a desk is sealed, opened once a tab, and forgotten on signing out', async (context) => {
  const { desk } = await deskAtPhones(context)
  const { page } = desk
  const section = page.getByRole('region', { name: 'Gruppnyckel' })
  const key = keyOf(await makeLink(page, { asked: true }))
  const stored = await databaseText(page)
  ok(stored.includes('team-key/'), 'the key lies in the browser')
  for (const secret of [...formsOf(key), DESK_PHRASE]) {
    ok(!stored.includes(secret), 'the browser stores the key or its passphrase in the open')
  }

  // A new page asks when the key is first needed, and only then.
  await page.reload()
  await section.getByText('låst med en lösenfras').waitFor()
  await section.getByRole('button', { name: 'Visa nyckeln' }).click()
  await giveDeskPhrase(page, 'Visa nyckeln', 'fel fras igen')
  await section.getByText('Lösenfrasen stämmer inte').waitFor()
  await giveDeskPhrase(page, 'Visa nyckeln')
  await section.getByText(key, { exact: true }).waitFor()
  equal(keyOf(await makeLink(page, { asked: false })), key, 'the link carries the same key')

  // The passphrase is changed; the key stays.
  await section.getByText('Byt lösenfras').first().click()
  const anew = section.getByTestId('key-passphrase').filter({ visible: true })
  await anew.getByLabel('Välj en lösenfras för gruppnyckeln').fill(ANOTHER_PHRASE)
  equal(await violations(page), [], 'axe, while the passphrase is changed')
  await anew.getByRole('button', { name: 'Byt lösenfras' }).click()
  await section.getByText('Lösenfrasen är bytt.').waitFor()
  equal(
    await page.evaluate(() => document.activeElement.dataset.testid),
    'key-change',
    'what has the focus',
  )
  await page.reload()
  await section.getByRole('button', { name: 'Visa nyckeln' }).click()
  await giveDeskPhrase(page, 'Visa nyckeln')
  await section.getByText('Lösenfrasen stämmer inte').waitFor()
  await giveDeskPhrase(page, 'Visa nyckeln', ANOTHER_PHRASE)
  await section.getByText(key, { exact: true }).waitFor()

  // Who signs out leaves neither the key nor a link that carries it on the screen.
  await page.getByRole('button', { name: 'Logga ut' }).click()
  await page.getByRole('heading', { name: 'Du är utloggad' }).waitFor()
  ok(!(await page.content()).includes(key), 'the page still holds the key')
  equal(await page.locator('#link').count(), 0, 'links that are shown')
  equal(await page.locator('nav, table').count(), 0, 'what is left of the desk')
  await page.reload()
  await page.getByRole('heading', { name: 'Du är utloggad' }).waitFor()
  await page.getByRole('button', { name: 'Logga in igen' }).click()
  await section.getByText('låst med en lösenfras').waitFor()

  // Wrong ones take longer and longer.
  await section.getByRole('button', { name: 'Visa nyckeln' }).click()
  for (let i = 0; i < 4; i += 1) await giveDeskPhrase(page, 'Visa nyckeln', 'fel fras igen')
  await section.getByText('Fel för många gånger').waitFor()

  // Without the passphrase the key comes back by a link that was sent.
  await section.getByText('Glömt lösenfrasen?').click()
  await section
    .getByLabel('Gruppnyckel eller länk med nyckeln')
    .fill(`https://exempel.se/#enrol=A&team=${key}`)
  await section.getByRole('button', { name: 'Spara nyckeln' }).click()
  const form = section.getByTestId('key-passphrase').filter({ visible: true }).last()
  await form.getByLabel('Välj en lösenfras för gruppnyckeln').fill('en annan fras')
  await form.getByRole('button', { name: 'Spara nyckeln' }).click()
  await section.getByText('Den här webbläsaren har nyckeln. Länkar').waitFor()
  equal(keyOf(await makeLink(page, { asked: false })), key, 'it is the same key')
  equal(desk.complaints, [], 'complaints')
})

test('a key that an earlier version left in the open works, and is sealed', async (context) => {
  const { desk } = await deskAtPhones(context)
  const { page } = desk
  const section = page.getByRole('region', { name: 'Gruppnyckel' })
  const key = keyOf(await makeLink(page, { asked: true }))
  // As such a version left it.
  await page.evaluate(async (text) => {
    const open = indexedDB.open('lagesbild')
    const database = await new Promise((resolve) => (open.onsuccess = () => resolve(open.result)))
    const transaction = database.transaction('facts', 'readwrite')
    transaction.objectStore('facts').delete(IDBKeyRange.bound('team-key/', 'team-key/g'))
    transaction.objectStore('facts').put(text, 'team-key')
    await new Promise((resolve) => (transaction.oncomplete = resolve))
    database.close()
  }, key)
  await page.reload()
  await section.getByText('Nyckeln ligger olåst').waitFor()
  equal(keyOf(await makeLink(page, { asked: false })), key, 'it works as before')
  ok((await databaseText(page)).includes(key), 'it lies in the open')

  await giveDeskPhrase(page, 'Lås nyckeln', '123456789012')
  await section.getByText('Bara siffror är lätt att gissa').waitFor()
  await giveDeskPhrase(page, 'Lås nyckeln')
  await section.getByText('Den är öppen tills du loggar ut').waitFor()
  for (const secret of formsOf(key)) {
    ok(!(await databaseText(page)).includes(secret), 'the key still lies in the open')
  }
  await page.reload()
  equal(keyOf(await makeLink(page, { asked: true })), key, 'it opens')
  equal(desk.complaints, [], 'complaints')
})

test('a coordinator’s own phone opens the key that it sealed as a desk', async (context) => {
  const { server, desk } = await deskAtPhones(context)
  const key = keyOf(await makeLink(desk.page, { asked: true }))
  await desk.page.goto(`${server.origin}/`)
  const field = new Field(desk)
  // The phone's own lock seals everything else.
  await field.secure()
  await field.page.getByTestId('state-line').waitFor()
  await field.newPlace('Exempelparken', 'farsta')
  await field.countHere({ adults: 1 })
  await field.done()
  await field.tap('link', /^Möte/)
  await field.page.getByText('Kod för att känna igen', { exact: true }).click()
  await field.page.getByText('Gruppnyckeln ligger låst i den här webbläsaren.').waitFor()
  await giveDeskPhrase(field.page, 'Öppna nyckeln')
  await field.page.getByLabel('Förnamnets två första bokstäver').waitFor()
  const stored = await databaseText(field.page)
  for (const secret of formsOf(key)) ok(!stored.includes(secret), 'the key lies in the open')
  equal(desk.complaints, [], 'complaints')
})
