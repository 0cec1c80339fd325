// `node screenshots.mjs --into DIRECTORY [--only PART]`: every screen and state at
// 360×740, in both languages, light and dark; the desk's also wide.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Browser, DESK, PHONE } from '../lib/browser.mjs'
import { SCREENS, Screens } from '../lib/screens.mjs'

function option(name) {
  const at = process.argv.indexOf(name)
  return at < 0 ? '' : process.argv[at + 1]
}
const into = option('--into')
const only = option('--only')

const directory = mkdtempSync(join(tmpdir(), 'lagesbild-screens-'))
const screens = await Screens.serve(directory)
const browser = new Browser(directory, 'screens')
let taken = 0
try {
  const page = await browser.open('about:blank')
  for (const language of ['sv', 'en']) {
    for (const theme of ['light', 'dark']) {
      await screens.prefer(page, language, theme)
      for (const [name, at, scene, desk] of SCREENS) {
        if (!name.includes(only)) continue
        await page.setViewportSize(PHONE)
        await screens.show(page, at, scene)
        await page.screenshot({ path: join(into, `${name}-${language}-${theme}.png`) })
        taken += 1
        if (!desk) continue
        await page.setViewportSize(DESK)
        await page.screenshot({
          path: join(into, `${name}-${language}-${theme}-wide.png`),
          fullPage: true,
        })
        taken += 1
      }
    }
  }
} finally {
  await browser.kill()
  await screens.close()
  rmSync(directory, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 })
}
console.log(`${taken} pictures in ${into}`)
