// Links and phones that do not work any more say so, and say what to do.
import { Browser } from '../lib/browser.mjs'
import { Field } from '../lib/field.mjs'
import { phone } from '../lib/phone.mjs'
import { test } from '../lib/runner.mjs'
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
  await new Field(first).enrol(link)

  const heading = (name) => second.page.getByRole('heading', { name }).waitFor()
  await second.open(link)
  await heading('Länken är redan använd')
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
