// The field's pages as a worker uses them, by the names a screen reader says.
import { ok } from './runner.mjs'

/** Opens what the phones of the tests hold. */
export const PASSPHRASE = 'lykta barr skruv'

/** Whether the browser has lost a page in this run. */
let crashed = false

export class Field {
  constructor(browser) {
    this.browser = browser
    /** Taps since `startCounting`. */
    this.taps = 0
  }

  get page() {
    return this.browser.page
  }

  async tap(role, name) {
    this.taps += 1
    await this.page.getByRole(role, { name }).first().click()
  }

  startCounting() {
    this.taps = 0
  }

  /** Opens an invitation's link, enrols and sets the lock. */
  async enrol(link) {
    await this.browser.connect(link)
    await this.secure()
    await this.tap('button', 'Börja')
    await this.page.getByTestId('state-line').waitFor()
    // From here on it opens without the server.
    await this.page.getByTestId('installing').waitFor({ state: 'detached' })
    ok(!this.page.url().includes('enrol='), 'the code leaves the address bar')
  }

  /** Kills the browser and starts it again at the app's start. */
  async killAndReopen(origin) {
    await this.browser.kill()
    await this.browser.open(`${origin}/`)
    await this.unlock()
    await this.page.getByTestId('state-line').waitFor()
  }

  /** Chooses a passphrase on the screen that asks for one. */
  async secure(passphrase = PASSPHRASE) {
    await this.page.getByLabel('Välj en lösenfras').fill(passphrase)
    await this.tap('button', /^Lås med lösenfrasen|^Krypterar/)
  }

  /** Opens the lock screen that is shown. */
  async unlock(passphrase = PASSPHRASE) {
    await this.page.getByLabel(/^(Lösenfras|Passphrase)$/).fill(passphrase)
    await this.page.getByRole('button', { name: /^(Lås upp|Unlock)$/ }).click()
  }

  /** Loads an address anew, as somebody does who has the app's link; a new page starts locked. */
  async goto(address) {
    try {
      await this.page.goto(address)
      await this.unlock()
    } catch (error) {
      // The browser lost the page's process, which was seen once; why is not known.
      // Somebody with a phone opens the app again, and nothing may be missing. A second
      // crash in one run would be no accident.
      if (!/Target crashed|Page crashed/.test(String(error)) || crashed) throw error
      crashed = true
      console.log(
        `      the page of "${this.browser.name}" crashed at ${address}, and was opened again; the browser said:`,
      )
      console.log(this.browser.log.join('\n'))
      await this.browser.openPage(address)
      await this.unlock()
    }
    await this.page.getByTestId('locked').waitFor({ state: 'detached' })
  }

  stateLine() {
    return this.page.getByTestId('state-line').innerText()
  }

  /** Waits until the state line says something. */
  async stateSays(pattern) {
    await this.page.getByTestId('state-line').filter({ hasText: pattern }).waitFor()
  }

  /**
   * Waits until the server has everything. "mottaget" alone says only when it last
   * had something: a save just made may still wait beside it.
   */
  async received() {
    const line = this.page.getByTestId('state-line')
    await line
      .filter({ hasText: 'mottaget' })
      .filter({ hasNotText: /väntar|inget mottaget/ })
      .waitFor()
  }

  /** Waits for the receipt that says where the last record is. */
  async receipt(pattern) {
    await this.page.getByTestId('receipt').filter({ hasText: pattern }).waitFor()
  }

  /**
   * Presses a form's button and waits until the app says that the record is on
   * the phone. The receipt of the record before may still stand there, so it is
   * the way to the visit's page, taken only after the save, that tells.
   */
  async save(button, pattern) {
    await this.tap('button', button)
    await this.page.waitForURL(/\/besok\/[0-9a-f]{32}$/)
    await this.receipt(pattern)
  }

  /** Does what the browser does when the network is back. */
  async syncNow() {
    await this.page.evaluate(() => window.dispatchEvent(new Event('online')))
  }

  async newPlace(name, district) {
    await this.tap('link', /^Räkna/)
    await this.tap('link', 'Ny plats')
    await this.page.getByLabel('Namn').fill(name)
    await this.page.getByLabel('Stadsdelsområde').selectOption(district)
    await this.tap('button', 'Spara plats')
    await this.receipt('sparad på telefonen')
  }

  /** On the count form: adds persons and saves. */
  async countHere({ adults = 0, children = 0 }) {
    for (let i = 0; i < adults; i += 1) await this.tap('button', 'Fler: Vuxna')
    for (let i = 0; i < children; i += 1) await this.tap('button', 'Fler: Barn')
    await this.save(/^Spara \d+ person/, 'sparat på telefonen')
  }

  async countAt(place, figures) {
    await this.tap('link', /^Räkna/)
    await this.tap('link', new RegExp(place))
    await this.countHere(figures)
  }

  /** As `countAt`, where the list is too long to hold the place. */
  async findAndCountAt(place, figures) {
    await this.tap('link', /^Räkna/)
    await this.page.getByRole('searchbox').fill(place)
    await this.tap('link', new RegExp(place))
    await this.countHere(figures)
  }

  async done() {
    await this.tap('button', 'Klar')
    await this.page.getByTestId('state-line').waitFor()
  }

  /** Opens tonight's visit to a place from the start page. */
  async openVisit(place) {
    const tonight = this.page.getByRole('region', { name: 'I natt' })
    await tonight
      .getByRole('link', { name: new RegExp(place) })
      .first()
      .click()
  }
}
