// Every screen and state of the app, not only those that a real evening leads to:
// axe, and text twice as large.
import { violations } from '../lib/axe.mjs'
import { Browser } from '../lib/browser.mjs'
import { equal, test } from '../lib/runner.mjs'
import { SCREENS, Screens, TALL } from '../lib/screens.mjs'

/** What reaches beyond the right edge of the screen, once text is twice as large. */
async function cutOff(page) {
  return page.evaluate(() => {
    document.documentElement.style.fontSize = '200%'
    const width = document.documentElement.clientWidth
    const found =
      document.documentElement.scrollWidth > width
        ? [...document.body.querySelectorAll('*')]
            .filter((element) => element.getBoundingClientRect().right > width + 1)
            .filter((element) => element.closest('table, svg, .visually-hidden') === null)
            .slice(0, 3)
            .map((element) => `${element.tagName.toLowerCase()}.${element.className}`)
        : []
    document.documentElement.style.fontSize = ''
    return found
  })
}

test('every state passes axe, Swedish and light, English and dark, and holds text of twice the size', async ({
  directory,
  cleanup,
}) => {
  const screens = await Screens.serve(directory)
  cleanup(() => screens.close())
  const browser = new Browser(directory, 'screens', TALL)
  cleanup(() => browser.kill())
  const page = await browser.open('about:blank')
  const problems = []
  // The pages of an evening are seen in all four by another test.
  for (const [language, theme] of [
    ['sv', 'light'],
    ['en', 'dark'],
  ]) {
    await screens.prefer(page, language, theme)
    for (const [name, at, scene] of SCREENS) {
      await screens.show(page, at, scene)
      const what = `${name} ${language} ${theme}`
      for (const line of await violations(page)) problems.push(`${what}: ${line}`)
      for (const line of await cutOff(page))
        problems.push(`${what}, text at 200 %: ${line} is cut off`)
      for (const line of browser.complaints.splice(0)) problems.push(`${what} complained: ${line}`)
    }
  }
  equal(problems, [], 'problems')
})
