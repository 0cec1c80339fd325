// The window is tall, so that no row lies half under the buttons at the bottom,
// where it would count as too small to touch.
//
// axe on every page, Swedish and English, light and dark; nothing wider than
// the narrowest phone.
import { violations } from '../lib/axe.mjs'
import { Browser, DESK } from '../lib/browser.mjs'
import { Field } from '../lib/field.mjs'
import { equal, test } from '../lib/runner.mjs'
import { Server } from '../lib/server.mjs'

async function check(browser, what, problems) {
  const { page } = browser
  for (const line of await violations(page)) problems.push(`${what}: ${line}`)
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
  if (wide > 0) problems.push(`${what}: ${wide} px wider than the screen`)
  for (const line of browser.complaints.splice(0)) problems.push(`${what} complained: ${line}`)
}

test('every page passes axe in both languages, light and dark', async ({ directory, cleanup }) => {
  const server = await Server.create(directory)
  cleanup(() => server.kill())
  await server.start()
  const browser = new Browser(directory, 'phone', { width: 320, height: 3000 })
  const desk = new Browser(directory, 'desk', DESK)
  cleanup(() => browser.kill())
  cleanup(() => desk.kill())
  const problems = []
  await browser.open(`${server.origin}/`)
  await browser.page.getByRole('heading', { name: 'Telefonen är inte ansluten' }).waitFor()
  await check(browser, 'not enrolled', problems)
  await browser.kill()

  const field = new Field(browser)
  await field.enrol(server.invite('worker', 'eu-teamet'))
  await field.newPlace('Exempelparken', 'farsta')
  const countForm = new URL(field.page.url()).pathname
  await field.countHere({ adults: 2 })
  const visit = new URL(field.page.url()).pathname
  await desk.connect(server.invite('coordinator', 'eu-teamet'))
  await desk.page.getByTestId('headline').waitFor()

  // The call card needs no unlocking, so a locked phone would stay at it locked.
  const open = async (path) => {
    await field.goto(server.origin + (path === '/akut' ? '/' : path))
    if (path !== '/akut') return
    await field.tap('link', /^(Akut|Urgent)/)
    await field.page.waitForURL(/\/akut$/)
  }
  const field_pages = [
    '/',
    '/rakna',
    countForm,
    '/mote',
    visit,
    '/akut',
    '/skickat',
    '/krockar',
    '/platser',
    '/installningar',
    '/om',
    '/finns-inte',
  ]
  for (const language of ['Svenska', 'English']) {
    await field.goto(`${server.origin}/installningar`)
    await field.page.getByRole('radio', { name: language }).check()
    for (const colours of ['light', 'dark']) {
      await field.page.emulateMedia({ colorScheme: colours })
      await desk.page.emulateMedia({ colorScheme: colours })
      for (const path of field_pages) {
        await open(path)
        await field.page.getByRole('heading', { level: 1 }).first().waitFor({ state: 'attached' })
        await check(browser, `${path} ${language} ${colours}`, problems)
      }
      for (const path of ['/samordning/sa-raknar-vi', '/samordning']) {
        await desk.page.goto(server.origin + path)
        await desk.page.getByRole('heading', { level: 2 }).nth(2).waitFor()
        await check(desk, `${path} ${language} ${colours}`, problems)
      }
    }
    await desk.page.getByRole('radio', { name: 'English' }).check()
  }
  equal(problems, [], 'problems')
})
