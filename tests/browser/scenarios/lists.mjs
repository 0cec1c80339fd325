// Lists that are longer than the screen: of a city of 879 places that match, nobody sees all,
// and nobody is to believe that they do.
import { join } from 'node:path'
import { violations } from '../lib/axe.mjs'
import { readWhole } from '../lib/engine.mjs'
import { phone } from '../lib/phone.mjs'
import { equal, ok, test } from '../lib/runner.mjs'
import { TALL } from '../lib/screens.mjs'
import { Server } from '../lib/server.mjs'

test('a place is found wherever one is chosen, and a cut list says so', async (context) => {
  const server = await Server.demo(join(context.directory, 'city'), 1, 300)
  context.cleanup(() => server.kill())
  await server.start()
  const { browser, field } = await phone(context, { server })
  const { page } = field
  await field.received()
  const rows = page.locator('.rows a.row')
  const search = page.getByRole('searchbox')
  const said = page.getByRole('status').filter({ hasText: /plats/ })

  // Every hit is counted; what is shown of them says how many, and the rest can be had.
  await field.tap('link', /^Räkna/)
  await search.fill('parken')
  const hits = (await readWhole(page)).documents.filter(
    ({ view: { kind, content } }) =>
      kind === 'place' && /parken/i.test(content.name) && !content.withdrawn && !content.same_as,
  ).length
  ok(hits > 30 && hits < 120, `${hits} parks`)
  await said.filter({ hasText: new RegExp(`^${hits} platser passar$`) }).waitFor()
  await page.getByText(`${hits} platser passar, de 20 första visas: skriv mer`).waitFor()
  equal(await rows.count(), 20, 'rows')
  await page.getByRole('button', { name: new RegExp(`^Visa ${hits - 20} till`) }).click()
  await rows.nth(hits - 1).waitFor()
  equal(await page.getByRole('button', { name: /^Visa/ }).count(), 0, 'ways to more')
  equal(
    await page.evaluate(() =>
      [...document.querySelectorAll('.rows .row')].indexOf(document.activeElement),
    ),
    20,
    'the focus is on the first row that came',
  )
  // A new place comes after those that are there.
  const made = page.getByRole('link', { name: 'Ny plats: parken' })
  const after = await made.evaluate(
    (link) => !!(document.querySelector('.rows').compareDocumentPosition(link) & 4),
  )
  ok(after && (await page.locator('.dock').getByRole('link').count()) === 0, 'a new place is last')

  // One letter off, as it is typed with cold fingers.
  await search.fill('kraka')
  await said.filter({ hasText: 'Ingen plats heter ”kraka”. De här liknar:' }).waitFor()
  await rows.filter({ hasText: 'Kråkbär' }).first().waitFor()
  // Tall enough that no row lies half under the dock.
  await page.setViewportSize(TALL)
  equal(await violations(page), [], 'what axe finds in the picker')

  // By keys alone: Enter goes to the first and chooses nothing; arrows go on.
  await search.fill('krakbarstorget')
  await rows.filter({ hasText: 'Kråkbärstorget' }).first().waitFor()
  await search.press('Enter')
  ok(page.url().endsWith('/rakna'), 'nothing is chosen unseen')
  await page.keyboard.press('ArrowDown')
  const second = await rows.nth(1).locator('.name').innerText()
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { level: 1, name: second }).waitFor()

  // An alert asks where first, and takes nothing for granted.
  await field.goto(`${server.origin}/akut/larm`)
  await page.getByRole('button', { name: 'Spara larmet' }).click()
  await page.getByRole('alert').filter({ hasText: 'Välj var det är.' }).waitFor()
  const where = page.getByRole('group', { name: 'Var?' })
  equal(await search.evaluate((input) => input === document.activeElement), true, 'focus on where')
  await search.fill('krakbarstorget')
  await search.press('ArrowDown')
  await page.keyboard.press('Enter')
  await where.getByText('Kråkbärstorget').waitFor()
  await where.getByRole('button', { name: 'Byt' }).click()
  await page.getByRole('button', { name: 'Inte vid en plats i listan' }).click()
  await where.getByRole('strong').filter({ hasText: 'Inte vid en plats i listan' }).waitFor()
  equal(await violations(page), [], 'what axe finds in the alert')
  equal(browser.complaints, [], 'complaints')
})
