// Every screen and state, over the made-up city of the development page.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { Server, freePort } from './server.mjs'

const web = fileURLToPath(new URL('../../../web-pwa', import.meta.url))
const demoMap = fileURLToPath(new URL('../../../server/content/demo-map.geojson', import.meta.url))
const document = (n) => n.toString(16).padStart(32, '0')
const record = (n) => n.toString(16).padStart(16, '0')
const [tipped, place, visit, refused, alert] = [1, 2, 101, 102, 301].map(document)
const [count, meeting] = [1, 3].map(record)

/** Tall, so that no row lies half under the buttons at the bottom. */
export const TALL = { width: 360, height: 3000 }

/** Name, address, scene with what is pressed in it (`scene>test id`); `desk` for a screen that is also looked at on a wide one. */
export const SCREENS = [
  ['home', '/', ''],
  ['home-empty', '/', 'empty'],
  ['home-offline', '/', 'offline'],
  ['home-refused', '/', 'refused'],
  ['home-update', '/', 'update'],
  ['invited', '/', 'invited'],
  ['home-installing', '/', 'installing'],
  ['home-not-installed', '/', 'installing.failed'],
  ['home-done', '/', 'done'],
  ['pick-count', '/rakna', ''],
  ['count', `/rakna/${place}`, ''],
  ['count-clock', `/rakna/${place}`, 'clock'],
  ['count-clock-doubted', `/rakna/${place}`, 'clock.doubted'],
  ['encounter', `/mote/${place}`, ''],
  ['new-place', '/rakna/ny', ''],
  ['new-place-map', '/rakna/ny', '>pick-position'],
  ['places', '/platser', ''],
  ['place', `/platser/${place}`, ''],
  ['place-tips', `/platser/${tipped}`, ''],
  ['place-theirs', `/platser/${tipped}`, 'theirs>change-place'],
  ['visit', `/besok/${visit}`, ''],
  ['conflicts', '/krockar', ''],
  ['edit-count', `/besok/${visit}/rakning/${count}`, ''],
  ['edit-encounter', `/besok/${visit}/mote/${meeting}`, ''],
  ['edit-encounter-theirs', `/besok/${visit}/mote/${meeting}`, 'theirs'],
  ['conflict', `/besok/${visit}`, 'conflict'],
  ['conflict-choice', '/krockar', 'conflict'],
  ['conflict-theirs', '/krockar', 'conflict.theirs'],
  ['visit-refused', `/besok/${refused}`, 'refused'],
  ['urgent', '/akut', ''],
  ['raise-alert', '/akut/larm', ''],
  ['home-alert', '/', 'alert'],
  ['alert', `/akut/${alert}`, 'alert'],
  ['alert-waiting', `/akut/${alert}`, 'alert-waiting'],
  ['alert-heard', `/akut/${alert}`, 'alert-heard'],
  ['information', '/information', ''],
  ['leaflet-sv', '/information/rights/sv', ''],
  ['leaflet-bg', '/information/rights/bg', ''],
  ['feedback-code', '/kod', ''],
  ['help', '/hjalp', ''],
  ['sync', '/skickat', ''],
  ['sync-problem', '/skickat', 'problem'],
  ['sync-offline', '/skickat', 'offline'],
  ['settings', '/installningar', ''],
  ['lock-settings', '/las', ''],
  ['about', '/om', ''],
  ['accessibility', '/tillganglighet', ''],
  ['missing', '/finns-inte', ''],
  ['securing', '/', 'securing'],
  ['securing-before', '/', 'securing.before'],
  ['locked', '/', 'locked'],
  ['locked-passkey', '/', 'locked.passkey'],
  ['locked-wait', '/', 'locked.wait'],
  ['locked-invited', '/', 'locked.invited'],
  ['locked-sealed', '/', 'locked.sealed'],
  ['locked-delivered', '/', 'locked.delivered'],
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
  ['desk', '/samordning', '', 'desk'],
  ['desk-refusal', '/samordning', 'refusal', 'desk'],
  ['desk-offline', '/samordning', 'offline'],
  ['desk-method', '/samordning/sa-raknar-vi', '', 'desk'],
  ['desk-method-refusal', '/samordning/sa-raknar-vi', 'refusal'],
  ['desk-draw', '/samordning/lottning', '', 'desk'],
  ['desk-undrawn', '/samordning/lottning', 'undrawn'],
  ['desk-incoming', '/samordning/inkommet', '', 'desk'],
  ['desk-phones', '/samordning/telefoner', '', 'desk'],
  ['desk-key-choose', '/samordning/telefoner', '>make-link', 'desk'],
  ['desk-key-locked', '/samordning/telefoner', 'key.locked'],
  ['desk-key-open', '/samordning/telefoner', 'key.locked>show-key'],
  ['desk-key-wait', '/samordning/telefoner', 'key.wait>show-key'],
  ['desk-key-link', '/samordning/telefoner', 'key.locked>make-link'],
  ['desk-key-forgotten', '/samordning/telefoner', 'key.locked>key-forgotten'],
  ['desk-key-renew', '/samordning/telefoner', 'key.elsewhere>key-renew'],
  ['desk-key-plain', '/samordning/telefoner', 'key.plain'],
  ['desk-key-plain-shown', '/samordning/telefoner', 'key.plain>show-key'],
  ['desk-phones-undo', '/samordning/telefoner', '>undo-phone>undo-show', 'desk'],
  ['desk-phones-administrator', '/samordning/telefoner', 'administrator'],
  ['desk-alerts', '/samordning/larm', '', 'desk'],
  ['desk-alerts-flood', '/samordning/larm', 'flood'],
  ['desk-proposals', '/samordning/forslag', '', 'desk'],
  ['desk-history', `/samordning/historik/${place}`, '', 'desk'],
  ['desk-history-empty', `/samordning/historik/${place}`, 'history.empty'],
  ['desk-history-error', `/samordning/historik/${place}`, 'history.error'],
  ['desk-history-loading', `/samordning/historik/${place}`, 'history.loading'],
  ['desk-feedback', '/samordning/synpunkter', '', 'desk'],
  ['desk-quarantine', '/samordning/karantan', '', 'desk'],
  ['desk-not-enrolled', '/samordning', 'not_enrolled'],
  ['desk-unreachable', '/samordning', 'unreachable'],
]

const vite = (parameters, env = {}) => [
  process.execPath,
  [join(web, 'node_modules/vite/bin/vite.js'), ...parameters],
  { cwd: web, stdio: ['ignore', 'ignore', 'inherit'], env: { ...process.env, ...env } },
]

/** The development page with the made-up city, built and served; `close` ends it. */
export class Screens {
  static async serve(directory) {
    const screens = new Screens()
    // Leaflets and the map are content, not made up: a real server gives them.
    screens.server = await Server.create(directory)
    screens.server.run('map', demoMap)
    await screens.server.start()
    // Built, a screen takes a fraction of the time that a few hundred modules do.
    const built = join(directory, 'screens')
    const build = spawn(
      ...vite(['build', '--mode', 'screens', '--logLevel', 'error', '--outDir', built]),
    )
    const [exit] = await once(build, 'exit')
    if (exit !== 0) throw new Error('the development page did not build')
    const port = await freePort()
    screens.origin = `http://127.0.0.1:${port}`
    screens.process = spawn(
      ...vite(
        [
          'preview',
          '--outDir',
          built,
          '--host',
          '127.0.0.1',
          '--port',
          String(port),
          '--strictPort',
        ],
        {
          LAGESBILD_SERVER: screens.server.origin,
        },
      ),
    )
    for (let tries = 0; tries < 300; tries += 1) {
      if (
        await fetch(`${screens.origin}/dev.html`).then(
          (r) => r.ok,
          () => false,
        )
      )
        return screens
      await sleep(200)
    }
    await screens.close()
    throw new Error('the development page was not served')
  }

  /** Shows a screen, in the language and theme of `prefer`. */
  async show(page, at, shown) {
    const [scene, ...presses] = shown.split('>')
    await page.goto(`${this.origin}/dev.html?${new URLSearchParams({ at, scene })}`)
    await page
      .getByRole('heading', { level: 1 })
      .first()
      .waitFor({ state: 'attached' })
      .catch((error) => {
        throw new Error(`${at} as ${shown} shows no heading: ${error.message}`)
      })
    for (const press of presses) await page.getByTestId(press).first().click()
  }

  /** Sets language and theme for the screens shown from now on. */
  async prefer(page, language, theme) {
    await page.goto(`${this.origin}/dev.html`)
    await page.evaluate(
      ([l, t]) =>
        localStorage.setItem(
          'lagesbild.preferences',
          JSON.stringify({ theme: t, language: l, near: false }),
        ),
      [language, theme],
    )
  }

  async close() {
    this.process.kill()
    await this.server.kill()
  }
}
