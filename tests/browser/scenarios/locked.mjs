// What lies on a phone: sealed, opened by a passphrase or a passkey, gone when it is told to.
import { PASSPHRASE } from '../lib/field.mjs'
import { phone } from '../lib/phone.mjs'
import { equal, ok, test } from '../lib/runner.mjs'
import { databaseText, filesWith } from '../lib/storage.mjs'

/** Words that are on the phone and nowhere else. */
const SECRETS = ['Klippgrottan', 'Hjortronskuggan', 'Förening A', 'forening-a']

/** Of the organisation that is among the secrets. */
const secretPhone = (context, config) => phone(context, { organisation: 'forening-a', config })

/** A phone with one count that the server has, and one that waits since the server is gone. */
async function waitingPhone(context) {
  const found = await secretPhone(context)
  const { server, field } = found
  await field.newPlace('Klippgrottan', 'farsta')
  await field.countHere({ adults: 1 })
  await field.done()
  await field.received()
  await server.stop()
  await field.countAt('Klippgrottan', { adults: 2 })
  await field.done()
  await field.stateSays('väntar')
  return found
}

async function recordSecrets(field) {
  await field.newPlace('Klippgrottan', 'farsta')
  await field.countHere({ adults: 3 })
  await field.tap('link', 'Möte här')
  await field.page.locator('summary', { hasText: 'Anteckning' }).click()
  await field.page.locator('textarea').last().fill('Hjortronskuggan behöver filtar')
  await field.save('Spara möte', 'Mötet är sparat på telefonen')
  // A draft that is never saved.
  await field.tap('link', 'Räkna igen')
  await field.tap('button', 'Fler: Vuxna')
  await field.page.waitForTimeout(800)
}

test('nothing of what is recorded can be read on the phone', async (context) => {
  const { server, browser, field } = await secretPhone(context)
  await recordSecrets(field)
  const text = await databaseText(field.page)
  ok(text.includes('lagesbild/documents') && text.length > 2000, 'there is something stored')
  for (const secret of SECRETS) ok(!text.includes(secret), `IndexedDB holds ${secret}`)
  ok(!/"token":|"adults":|"started":/.test(text), 'IndexedDB holds fields')
  const extractable = await field.page.evaluate(async () => {
    const open = indexedDB.open('lagesbild')
    const database = await new Promise((resolve) => (open.onsuccess = () => resolve(open.result)))
    const all = database.transaction('identity').objectStore('identity').getAll()
    const rows = await new Promise((resolve) => (all.onsuccess = () => resolve(all.result)))
    database.close()
    return rows.map((row) => Object.keys(row).toSorted().join() + String(row.key))
  })
  equal(extractable, ['key,sealednull'], 'the identity is sealed, its key too')

  // Nor in the files that the browser keeps, but for the page's own code.
  await browser.kill()
  for (const secret of ['Klippgrottan', 'Hjortronskuggan']) {
    equal(filesWith(`${browser.profile}/Default/IndexedDB`, secret), [], `files with ${secret}`)
  }
  // It is all there for whoever has the passphrase.
  await browser.open(`${server.origin}/`)
  await field.unlock()
  await field.openVisit('Klippgrottan')
  await field.page.getByText('Hjortronskuggan').first().waitFor()
})

test('wrong passphrases take longer and longer, also after a reload', async (context) => {
  const { server, browser, field } = await secretPhone(context)
  await browser.kill()
  await browser.open(`${server.origin}/`)
  const { page } = field
  for (let i = 0; i < 4; i += 1) {
    await field.unlock('fel fras igen')
    await page.getByText(i < 3 ? 'Lösenfrasen stämmer inte' : 'Fel för många gånger').waitFor()
    await page.getByLabel('Lösenfras', { exact: true }).fill('')
  }
  await page.reload()
  await page.getByText('Fel för många gånger').waitFor()
  await page.getByLabel('Lösenfras', { exact: true }).fill(PASSPHRASE)
  ok(await page.getByRole('button', { name: 'Lås upp' }).isDisabled(), 'no attempt is taken')
  await page.getByRole('button', { name: 'Lås upp', disabled: false }).waitFor({ timeout: 15_000 })
  await page.getByRole('button', { name: 'Lås upp' }).click()
  await page.getByTestId('state-line').waitFor()
  // The right one clears the slate.
  await page.reload()
  await field.unlock('fel fras igen')
  await page.getByText('Lösenfrasen stämmer inte').waitFor()
})

test('a phone that nobody looks at locks, and shows nothing', async (context) => {
  const { field } = await secretPhone(context, '[phones]\nhidden_seconds = 5\n')
  const { page } = field
  await field.newPlace('Klippgrottan', 'farsta')
  await field.tap('button', 'Fler: Vuxna')
  await field.syncNow()
  // As the browser does when another app comes in front of it.
  await page.evaluate(() => {
    Object.defineProperty(document, 'visibilityState', { value: 'hidden', configurable: true })
    document.dispatchEvent(new Event('visibilitychange'))
  })
  await page.getByTestId('locked').waitFor({ timeout: 20_000 })
  ok(!(await page.locator('body').innerText()).includes('Klippgrottan'), 'the page shows the place')
  await page.evaluate(() => {
    delete document.visibilityState
    document.dispatchEvent(new Event('visibilitychange'))
  })
  await field.unlock()
  // Where the worker was, with what was typed.
  await page.getByText('Du hade börjat på den här räkningen').waitFor()
  await field.save('Spara 1 person', 'sparat på telefonen')
  equal(field.browser.complaints, [], 'complaints')
})

test('a forgotten passphrase: what is lost is said first, then a new link starts over', async (context) => {
  const { server, browser, field } = await waitingPhone(context)
  await browser.kill()
  await browser.open(`${server.origin}/`)
  await field.page.getByText('1 sparad sak väntar på nät').waitFor()
  // The call card is there, with the server's numbers.
  await field.tap('link', /^Akut/)
  await field.page.getByText('08-508 40 000').first().waitFor()
  await field.page.goBack()

  const invitation = server.invite('worker', 'forening-a')
  await field.page.goto('about:blank')
  await field.page.goto(invitation)
  await field.tap('button', 'Använd den nya länken i stället')
  await field.page.getByText('Det här går förlorat: 1 sparad sak').waitFor()
  const erase = field.page.getByRole('button', { name: 'Radera och anslut med nya länken' })
  ok(await erase.isDisabled(), 'nothing is erased before it is agreed to')
  await field.page.getByLabel('Jag förstår att det försvinner').check()
  await server.start()
  await erase.click()
  await field.secure('barr lykta fjun')
  await field.tap('button', 'Börja')
  // What the server had is back; what it had not is gone.
  await field.openVisit('Klippgrottan')
  await field.page.getByRole('heading', { name: 'Klippgrottan' }).waitFor()
  equal((await field.page.getByText(/^\d vux/).count()) > 0, true, 'the count that was received')
})

/** Ends the page and leaves the browser, which then sends what it was asked to. */
async function whileNobodyIsThere(browser, origin) {
  const { page } = browser
  const cdp = await page.context().newCDPSession(page)
  const registration = new Promise((resolve) => {
    cdp.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
      const found = registrations.find(
        ({ scopeURL, isDeleted }) => scopeURL.startsWith(origin) && !isDeleted,
      )
      if (found) resolve(found.registrationId)
    })
  })
  await cdp.send('ServiceWorker.enable')
  const registrationId = await registration
  await page.goto('about:blank')
  const tag = 'send-envelope'
  await cdp.send('ServiceWorker.dispatchSyncEvent', {
    origin,
    registrationId,
    tag,
    lastChance: false,
  })
}

test('a locked phone sends what waits, sealed, and shows that it did', async (context) => {
  const { server, browser, field } = await waitingPhone(context)
  await field.goto(`${server.origin}/las`)
  await field.tap('button', 'Lås nu')
  await field.page
    .getByText('1 sparad sak väntar på nät. Telefonen försöker skicka även när den är låst.')
    .waitFor()
  const text = await databaseText(field.page)
  ok(text.includes('"envelope"'), 'an envelope lies there')
  for (const secret of SECRETS) ok(!text.includes(secret), `IndexedDB holds ${secret}`)

  await server.start()
  await whileNobodyIsThere(browser, server.origin)
  const colleague = await phone(context, { name: 'colleague', organisation: 'forening-a', server })
  await colleague.field.openVisit('Klippgrottan')
  await colleague.field.page
    .getByText(/^2 vux/)
    .first()
    .waitFor()

  // Who comes back sees that nothing waits any more, and nothing is lost by starting over.
  await field.page.goto(`${server.origin}/`)
  await field.page.getByText(/1 sparad sak skickades låst till servern \d/).waitFor()
  await field.tap('button', 'Glömt lösenfrasen?')
  await field.page.getByText(/skickades låst till servern .*Inget går förlorat/).waitFor()
  await field.tap('button', 'Tillbaka')
  await field.unlock()
  await field.received()
  equal(browser.complaints, [], 'complaints')
})

test('a phone at its lock screen sends when the network returns', async (context) => {
  const { server, field } = await waitingPhone(context)
  await field.goto(`${server.origin}/las`)
  await field.tap('button', 'Lås nu')
  await field.page.getByText('1 sparad sak väntar på nät').waitFor()
  await server.start()
  await field.syncNow()
  await field.page.getByText('1 sparad sak skickades låst till servern').waitFor()
})

test('a passkey opens the phone where the browser has one that makes keys', async (context) => {
  const { server, browser, field } = await secretPhone(context)
  const cdp = await field.page.context().newCDPSession(field.page)
  await cdp.send('WebAuthn.enable')
  await cdp.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      ctap2Version: 'ctap2_1',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      hasPrf: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  })
  await field.goto(`${server.origin}/las`)
  await field.page.getByText('Finger eller ansikte', { exact: true }).click()
  await field.page.getByLabel('Nuvarande lösenfras').first().fill('inte den rätta')
  await field.tap('button', 'Slå på')
  await field.page.getByText('Lösenfrasen stämmer inte').waitFor()
  await field.page.getByLabel('Nuvarande lösenfras').first().fill(PASSPHRASE)
  await field.tap('button', 'Slå på')
  await field.page.getByRole('button', { name: 'Stäng av' }).waitFor()
  await field.tap('button', 'Lås nu')
  await field.tap('button', 'Lås upp med finger eller ansikte')
  await field.page.getByRole('heading', { name: 'Lås' }).waitFor()
  // The passphrase still works, and can be changed.
  await field.page.getByText('Byt lösenfras', { exact: true }).click()
  await field.page.getByLabel('Nuvarande lösenfras').last().fill(PASSPHRASE)
  await field.page.getByLabel('Ny lösenfras').fill('skruv fjun kottar')
  await field.page.getByRole('button', { name: 'Byt', exact: true }).click()
  await field.page.getByText('Lösenfrasen är bytt').waitFor()
  await field.page.reload()
  await field.unlock('skruv fjun kottar')
  await field.page.getByRole('heading', { name: 'Lås' }).waitFor()
  equal(browser.complaints, [], 'complaints')
})

test('a phone that has not reached the server for too long shows nothing until it has', async (context) => {
  const { server, browser, field } = await secretPhone(context)
  await field.newPlace('Klippgrottan', 'farsta')
  await field.countHere({ adults: 1 })
  await field.done()
  await field.received()
  await browser.kill()
  await server.stop()
  await browser.open('about:blank')
  await browser.page.clock.install({ time: Date.now() + 15 * 86_400_000 })
  await browser.page.goto(`${server.origin}/`)
  await field.unlock()
  await browser.page.getByRole('heading', { name: 'Behöver nå servern' }).waitFor()
  ok(!(await browser.page.locator('body').innerText()).includes('Klippgrottan'), 'shows the place')
  await browser.page.clock.setSystemTime(Date.now())
  await server.start()
  await browser.page.getByRole('button', { name: 'Försök nå servern' }).click()
  await field.received()
})

test('an erased phone has nothing left', async (context) => {
  const { server, field } = await secretPhone(context)
  await recordSecrets(field)
  await field.goto(`${server.origin}/installningar`)
  const id = await field.page
    .getByText(/^[0-9a-f]{16}$/)
    .first()
    .innerText()
  server.run('revoke', id)
  await field.syncNow()
  await field.page.getByRole('heading', { name: 'Telefonen är bortkopplad' }).waitFor()
  const text = await databaseText(field.page)
  for (const store of ['documents', 'chunks', 'coverage', 'drafts', 'identity', 'lock']) {
    ok(
      text.includes(`lagesbild/${store} [[],[]]`),
      `${store} holds something: ${text.slice(0, 400)}`,
    )
  }
})
