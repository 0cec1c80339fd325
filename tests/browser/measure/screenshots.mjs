// `node screenshots.mjs --into DIRECTORY`: every screen and state at 360×740,
// in both languages, light and dark, over the made-up city of the development page.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { Browser } from '../lib/browser.mjs'

const into = process.argv[process.argv.indexOf('--into') + 1]
const only = process.argv.includes('--only') ? process.argv[process.argv.indexOf('--only') + 1] : ''
const web = fileURLToPath(new URL('../../../web-pwa', import.meta.url))
const place = '2'.padStart(32, '0')
const visit = '101'.padStart(32, '0')

/** Name, address, scene. */
const SCREENS = [
  ['home', '/', ''],
  ['home-empty', '/', 'empty'],
  ['home-offline', '/', 'offline'],
  ['home-refused', '/', 'refused'],
  ['home-update', '/', 'update'],
  ['home-done', '/', 'done'],
  ['pick-count', '/rakna', ''],
  ['count', `/rakna/${place}`, ''],
  ['encounter', `/mote/${place}`, ''],
  ['new-place', '/rakna/ny', ''],
  ['places', '/platser', ''],
  ['place', `/platser/${place}`, ''],
  ['visit', `/besok/${visit}`, ''],
  ['conflicts', '/krockar', ''],
  ['urgent', '/akut', ''],
  ['sync', '/skickat', ''],
  ['sync-problem', '/skickat', 'problem'],
  ['sync-offline', '/skickat', 'offline'],
  ['settings', '/installningar', ''],
  ['lock-settings', '/las', ''],
  ['about', '/om', ''],
  ['missing', '/finns-inte', ''],
  ['securing', '/', 'securing'],
  ['securing-before', '/', 'securing.before'],
  ['locked', '/', 'locked'],
  ['locked-passkey', '/', 'locked.passkey'],
  ['locked-wait', '/', 'locked.wait'],
  ['locked-invited', '/', 'locked.invited'],
  ['lease', '/', 'lease'],
  ['not-enrolled', '/', 'not_enrolled'],
  ['enrolling-used', '/', 'enrolling.code_used'],
  ['enrolling-unreachable', '/', 'enrolling.unreachable'],
  ['erased', '/', 'erased'],
  ['evicted', '/', 'evicted'],
  ['elsewhere', '/', 'elsewhere'],
  ['unsupported', '/', 'unsupported'],
  ['failed', '/', 'failed'],
  ['update-needed', '/', 'failed.schema_newer'],
]

async function freePort() {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const { port } = probe.address()
  probe.close()
  await once(probe, 'close')
  return port
}

const port = await freePort()
const origin = `http://127.0.0.1:${port}`
const vite = spawn(
  process.execPath,
  [join(web, 'node_modules/vite/bin/vite.js'), '--host', '127.0.0.1', '--port', String(port), '--strictPort'],
  { cwd: web, stdio: 'ignore' },
)
const directory = mkdtempSync(join(tmpdir(), 'lagesbild-screens-'))
const browser = new Browser(directory, 'screens')
try {
  for (let tries = 0; tries < 300; tries += 1) {
    if (await fetch(`${origin}/dev.html`).then((r) => r.ok, () => false)) break
    await sleep(200)
  }
  await browser.open(`${origin}/dev.html`)
  const { page } = browser
  for (const language of ['sv', 'en']) {
    for (const theme of ['light', 'dark']) {
      await page.evaluate(
        ([l, t]) => localStorage.setItem('lagesbild.preferences', JSON.stringify({ theme: t, language: l, near: false })),
        [language, theme],
      )
      for (const [name, at, scene] of SCREENS) {
        if (!name.includes(only)) continue
        await page.goto(`${origin}/dev.html?${new URLSearchParams({ at, scene })}`)
        await page.getByRole('heading', { level: 1 }).first().waitFor({ state: 'attached' })
        await page.screenshot({ path: join(into, `${name}-${language}-${theme}.png`) })
      }
    }
  }
} finally {
  await browser.kill()
  vite.kill()
  rmSync(directory, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 })
}
