// A count and an encounter with the keyboard alone: a phone with a switch, a
// tablet with keys, a worker whose screen no longer feels fingers.
import { phone } from '../lib/phone.mjs'
import { equal, ok, test } from '../lib/runner.mjs'

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
      return (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== 'none'
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
