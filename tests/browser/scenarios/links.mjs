// Links and phones that do not work any more say so, and say what to do.
import { Browser } from '../lib/browser.mjs'
import { Field } from '../lib/field.mjs'
import { phone } from '../lib/phone.mjs'
import { equal, ok, test } from '../lib/runner.mjs'
import { Server } from '../lib/server.mjs'

test('used and unknown links, and a server that is not there, are told apart', async ({
  directory,
  cleanup,
}) => {
  const server = await Server.create(directory)
  cleanup(() => server.kill())
  await server.start()
  const first = new Browser(directory, 'first')
  const second = new Browser(directory, 'second')
  cleanup(() => first.kill())
  cleanup(() => second.kill())
  const link = server.invite('worker', 'eu-teamet')
  const heading = (name) => second.page.getByRole('heading', { name }).waitFor()

  // A scanner, a preview or a restored tab opens it: it says what it is for, and is not used up.
  await second.open(link)
  await second.page.getByText('Länken är en inbjudan: uppsökare i EU-teamet.').waitFor()
  await second.page.reload()
  await heading('Anslut den här telefonen?')
  equal(await second.page.getByTestId('in-app').count(), 0, 'a browser of one’s own')
  await new Field(first).enrol(link)
  await second.press()
  await heading('Länken är redan använd')
  await second.page.goto('about:blank')
  await second.page.goto(link)
  await heading('Länken är redan använd')
  ok(!second.page.url().includes('enrol='), 'a code of no use leaves the address bar')

  // Inside another app, what is stored is not where the person looks for it.
  const cdp = await second.page.context().newCDPSession(second.page)
  const userAgent =
    'Mozilla/5.0 (Linux; Android 14; Pixel 8; wv) Chrome/130.0 [FB_IAB/Orca-Android]'
  await cdp.send('Emulation.setUserAgentOverride', { userAgent })
  await second.page.goto('about:blank')
  await second.page.goto(server.invite('coordinator', 'eu-teamet'))
  await second.page.getByText('Sidan är öppnad inne i Facebook.').waitFor()
  await heading('Anslut den här webbläsaren?')
  const unknown = `${server.origin}/#enrol=${'A'.repeat(43)}`
  await second.page.goto('about:blank')
  await second.page.goto(unknown)
  await heading('Länken känns inte igen')
})

test('a revoked phone erases itself and says so', async (context) => {
  const { server, browser, field } = await phone(context)
  await field.newPlace('Exempelparken', 'farsta')
  await field.countHere({ adults: 2 })
  await field.goto(`${server.origin}/installningar`)
  const device = await field.page
    .getByText(/^[0-9a-f]{16}$/)
    .first()
    .innerText()
  server.run('revoke', device)
  await field.syncNow()
  await field.page.getByRole('heading', { name: 'Telefonen är bortkopplad' }).waitFor()
  // Also after a restart, and nothing is left in storage.
  await browser.kill()
  await browser.open(`${server.origin}/`)
  await field.page.getByRole('heading', { name: /bortkopplad|inte ansluten/ }).waitFor()
})
