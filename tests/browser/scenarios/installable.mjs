// The app can be put on the phone's home screen.
import { Browser } from '../lib/browser.mjs'
import { equal, ok, test } from '../lib/runner.mjs'
import { Server } from '../lib/server.mjs'

test('the app can be installed', async ({ directory, cleanup }) => {
  const server = await Server.create(directory)
  cleanup(() => server.kill())
  await server.start()
  const browser = new Browser(directory, 'phone')
  cleanup(() => browser.kill())
  await browser.open(`${server.origin}/`)
  await browser.page.evaluate(() => navigator.serviceWorker.ready.then(() => true))
  const cdp = await browser.page.context().newCDPSession(browser.page)
  const { errors, data } = await cdp.send('Page.getAppManifest')
  equal(errors, [], 'errors of the manifest')
  ok(JSON.parse(data).icons.length >= 3, 'icons')
  const { installabilityErrors } = await cdp.send('Page.getInstallabilityErrors')
  equal(installabilityErrors, [], 'what keeps it from being installed')
})
