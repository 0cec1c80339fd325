// A count and an encounter with the keyboard alone: a phone with a switch, a
// tablet with keys, a worker whose screen no longer feels fingers. And a place
// that is pointed out on the map.
import { fileURLToPath } from 'node:url'
import { violations } from '../lib/axe.mjs'
import { PHONE } from '../lib/browser.mjs'
import { phone } from '../lib/phone.mjs'
import { equal, ok, test } from '../lib/runner.mjs'

const DEMO_MAP = fileURLToPath(new URL('../../../server/content/demo-map.geojson', import.meta.url))

/** What has the focus: its name as a screen reader says it, and whether one sees it. */
const focused = (page) =>
  page.evaluate(() => {
    const element = document.activeElement
    const label = element.labels?.[0]?.textContent ?? ''
    const name = (element.getAttribute('aria-label') ?? (label || element.textContent)).trim()
    // A hidden radio or checkbox shows its focus on what it is drawn as.
    const drawn = [element, element.parentElement, element.nextElementSibling].filter(Boolean)
    const seen = drawn.some((one) => {
      const style = getComputedStyle(one)
      return (
        (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0) ||
        style.boxShadow !== 'none'
      )
    })
    return { name: name.replace(/\s+/g, ' '), seen, tag: element.tagName }
  })

/** Goes on with Tab until something with such a name has the focus. */
async function reach(page, name) {
  const passed = []
  for (let presses = 0; presses < 80; presses += 1) {
    await page.keyboard.press('Tab')
    const at = await focused(page)
    if (at.tag === 'BODY') continue
    ok(at.seen, `one sees that "${at.name}" has the focus`)
    if (name.test(at.name)) return
    passed.push(at.name)
  }
  throw new Error(`Tab does not reach ${name}; it passes ${passed.join(' | ')}`)
}

async function press(page, name, key = 'Enter') {
  await reach(page, name)
  await page.keyboard.press(key)
}

test('a count and an encounter are made with the keyboard alone', async (context) => {
  const { server, browser, field } = await phone(context)
  await field.newPlace('Exempelbron', 'sodermalm')
  await field.goto(`${server.origin}/`)
  const { page } = field

  await press(page, /^Räkna/)
  await page.waitForURL(/\/rakna$/)
  await press(page, /^Exempelbron/)
  await page.waitForURL(/\/rakna\/[0-9a-f]{32}$/)
  await press(page, /^Fler: Vuxna/)
  await page.keyboard.press('Enter')
  await press(page, /^Spara 2 person/)
  await page.waitForURL(/\/besok\/[0-9a-f]{32}$/)
  await field.receipt('sparat på telefonen')

  await field.goto(`${server.origin}/`)
  // Where the worker was last, an encounter starts at once.
  await press(page, /^Möte/)
  await page.waitForURL(/\/mote\/[0-9a-f]{32}$/)
  await press(page, /^Rumänska/, 'Space')
  await press(page, /^Spara/)
  await page.waitForURL(/\/besok\/[0-9a-f]{32}$/)
  await field.receipt('sparat på telefonen')
  equal(browser.complaints, [], 'complaints')
})

test('a new place is pointed out on the map with the keyboard alone', async (context) => {
  const { server, browser, field } = await phone(context)
  server.run('map', DEMO_MAP)
  await field.goto(`${server.origin}/rakna/ny`)
  const { page } = field
  const said = page.getByTestId('pick-position').getByRole('status')
  const district = page.getByLabel('Stadsdelsområde', { exact: true })
  const MAP = /^Karta över stadsdelsområdena/

  await page.getByText('Peka ut på kartan').waitFor()
  await reach(page, /^Namn/)
  await page.keyboard.type('Exempelparken')
  await press(page, /^Peka ut på kartan/)
  await reach(page, MAP)
  equal(await said.innerText(), '', 'said before the pin is moved')

  // What is moved is said, and undone; nothing is chosen by it.
  await page.keyboard.press('ArrowRight')
  await said.filter({ hasText: /^Nålen är i .*, inte satt än/ }).waitFor()
  const before = await page.locator('.pin').boundingBox()
  await page.keyboard.press('Shift+ArrowDown')
  const after = await page.locator('.pin').boundingBox()
  ok(after.y - before.y > 30 && Math.abs(after.x - before.x) < 1, 'Shift makes the step longer')
  await page.keyboard.press('Escape')
  equal(await page.locator('.pin').count(), 0, 'pins')
  equal(await said.innerText(), '', 'said after Escape')
  equal(await district.inputValue(), '', 'the district')

  // One that is left unset goes back; zooming is not leaving.
  await page.keyboard.press('ArrowLeft')
  await reach(page, /^Närmare/)
  await page.keyboard.press('Enter')
  equal(await page.locator('.pin').count(), 1, 'pins while zooming')
  await page.keyboard.press('Tab')
  equal(await page.locator('.pin').count(), 0, 'pins after leaving')
  for (let i = 0; i < 3; i += 1) await page.keyboard.press('Shift+Tab')
  ok(MAP.test((await focused(page)).name), 'the way back to the map')

  // South-east of the middle lies Farsta.
  for (let i = 0; i < 40 && !/Farsta/.test(await said.innerText()); i += 1) {
    await page.keyboard.press(i % 2 === 0 ? 'Shift+ArrowDown' : 'Shift+ArrowRight')
  }
  await said.filter({ hasText: 'Nålen är i Farsta, inte satt än' }).waitFor()
  equal(await violations(page), [], 'what axe finds')
  await page.keyboard.press('Enter')
  await said.filter({ hasText: 'Utpekat i Farsta' }).waitFor()
  equal(await district.inputValue(), 'farsta', 'the district')

  await press(page, /^Spara plats/)
  await field.receipt('sparad på telefonen')
  equal(browser.complaints, [], 'complaints')
})

test('a tap on the map lands where the finger is, also on a phone held sideways', async (context) => {
  const { server, field } = await phone(context)
  server.run('map', DEMO_MAP)
  const { page } = field
  for (const viewport of [PHONE, { width: PHONE.height, height: PHONE.width }]) {
    await page.setViewportSize(viewport)
    await field.goto(`${server.origin}/rakna/ny`)
    await page.getByText('Peka ut på kartan').click()
    const map = page.getByRole('application')
    await map.scrollIntoViewIfNeeded()
    // Both from the map's corner: what is said of the pin moves the map down.
    const middle = async (locator) => {
      const [box, corner] = [await locator.boundingBox(), await map.boundingBox()]
      return { x: box.x + box.width / 2 - corner.x, y: box.y + box.height / 2 - corner.y }
    }
    const position = await middle(page.locator('.district').nth(3))
    await map.click({ position })
    const pin = await middle(page.locator('.pin'))
    const off = Math.hypot(pin.x - position.x, pin.y - position.y)
    // Rounded to 100 metres.
    ok(off < 2, `the pin is ${off} pixels from the finger, ${viewport.width} wide`)
  }
})
