// A browser with a profile of its own: one phone, or one coordinator's desk.
// It is a process that can be killed, not a context that can only be closed.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { chromium } from 'playwright-core'

const executable = process.env.LAGESBILD_CHROMIUM ?? '/usr/bin/chromium'
const flags = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-dev-shm-usage',
  '--accept-lang=sv-SE,sv',
  '--remote-debugging-port=0',
]

/** How long anything on a page may take: the machine may be busy. */
export const PATIENCE = 60_000

/** Of what a browser writes, the last so many lines. */
const LOG_LINES = 30

export const PHONE = { width: 360, height: 740 }
export const DESK = { width: 1200, height: 900 }

/** The browsers that are open. */
const open = new Set()

/** What every open browser shows and complained about, for a failed test. */
export async function describeAll() {
  const lines = []
  for (const browser of open) {
    const text = await browser.page?.locator('body').innerText({ timeout: 2000 }).catch(String)
    lines.push(
      `--- ${browser.name} at ${browser.page?.url()}`,
      text?.replace(/\n+/g, ' | ').slice(0, 1500),
    )
    lines.push(...browser.complaints.map((complaint) => `complained: ${complaint}`))
  }
  return lines.join('\n')
}

export class Browser {
  #process = null
  #browser = null

  constructor(directory, name, viewport = PHONE) {
    this.profile = join(directory, name)
    this.name = name
    this.viewport = viewport
    /** What the pages complained about. */
    this.complaints = []
    /** The last of what the browser itself wrote. */
    this.log = []
    /** Bodies of the server's answers to syncs. */
    this.syncReplies = []
    /** What its processes find in their environment besides. */
    this.environment = {}
  }

  /** Starts the browser and opens an address in a new page. */
  async open(address) {
    await this.#launch()
    open.add(this)
    return this.openPage(address)
  }

  /** Opens an invitation's link and says yes to it. */
  async connect(link) {
    await this.open(link)
    await this.press()
    return this.page
  }

  /** Says yes to the invitation that is shown. */
  async press() {
    await this.page.getByRole('button', { name: /^Anslut (telefonen|webbläsaren)$/ }).click()
  }

  /** Opens an address in a new page of the browser that runs. */
  async openPage(address) {
    const [context] = this.#browser.contexts()
    context.setDefaultTimeout(PATIENCE)
    this.page = await context.newPage()
    await this.page.setViewportSize(this.viewport)
    this.page.on('response', (response) => {
      if (!response.url().endsWith('/api/v1/sync')) return
      // The body of an answer that a reload or a kill cut off cannot be had.
      const keep = (body) => this.syncReplies.push(body)
      response.body().then(keep, () => undefined)
    })
    this.page.on('pageerror', (error) => this.complaints.push(String(error)))
    this.page.on('console', (message) => {
      // A server that is not there is part of the tests.
      const expected = /ERR_CONNECTION_REFUSED|Failed to load resource|ERR_EMPTY_RESPONSE/
      if (message.type() === 'error' && !expected.test(message.text())) {
        this.complaints.push(message.text())
      }
    })
    await this.page.goto(address)
    return this.page
  }

  /** Whether the server ever sent this browser a text. Documents come uncompressed. */
  wasSent(text) {
    return this.syncReplies.some((body) => body.includes(text))
  }

  async #launch() {
    const portFile = join(this.profile, 'DevToolsActivePort')
    rmSync(portFile, { force: true })
    this.#process = spawn(
      executable,
      [...flags, `--user-data-dir=${this.profile}`, 'about:blank'],
      {
        stdio: ['ignore', 'ignore', 'pipe'],
        detached: true,
        env: { ...process.env, ...this.environment },
      },
    )
    // A crash of the browser's own tells of itself there. That no desktop's message bus
    // runs is no news.
    createInterface({ input: this.#process.stderr }).on('line', (line) => {
      if (line && !line.includes(':dbus/')) this.log = [...this.log, line].slice(-LOG_LINES)
    })
    const deadline = Date.now() + PATIENCE
    while (!existsSync(portFile) || !readFileSync(portFile, 'utf8').includes('\n')) {
      if (Date.now() > deadline) throw new Error('Chromium did not start')
      await sleep(50)
    }
    const [port] = readFileSync(portFile, 'utf8').split('\n')
    this.#browser = await chromium.connectOverCDP(`http://127.0.0.1:${port}`, { timeout: PATIENCE })
  }

  /** Kills the browser and all its processes at once: `kill -9`. */
  async kill() {
    if (!this.#process) return
    const ended = once(this.#process, 'exit')
    process.kill(-this.#process.pid, 'SIGKILL')
    await ended
    this.#process = null
    this.#browser = null
    open.delete(this)
  }
}
