// What belongs to somebody else: shown, and changed only as far as one may; the
// rest is proposed, and what one said oneself is taken back.
import { fileURLToPath } from 'node:url'
import { Browser, DESK } from '../lib/browser.mjs'
import { engineState } from '../lib/engine.mjs'
import { phone } from '../lib/phone.mjs'
import { equal, ok, test } from '../lib/runner.mjs'

const DEMO_MAP = fileURLToPath(new URL('../../../server/content/demo-map.geojson', import.meta.url))

/** The place that a phone holds, as its document says. */
async function placeOn(page) {
  const { documents } = await engineState(page)
  return documents.find(({ view }) => view.kind === 'place').view.content
}

test('a colleague corrects an encounter, except what only its maker knows', async (context) => {
  const { server, browser, field } = await phone(context)
  const colleague = await phone(context, { name: 'colleague', server })
  await field.newPlace('Exempelparken', 'farsta')
  await field.countHere({ adults: 1 })
  await field.done()
  await field.tap('link', /^Möte/)
  await field.save('Spara möte', 'sparat på telefonen')
  await field.done()
  await field.received()

  await colleague.field.syncNow()
  await colleague.field.openVisit('Exempelparken')
  const { page } = colleague.field
  await colleague.field.tap('link', /^Ändra möte/)
  const before = page.getByRole('group', { name: 'Träffad förut' })
  await before.waitFor()
  for (const choice of await before.getByRole('radio').all())
    ok(await choice.isDisabled(), 'it cannot be chosen')
  await page.getByTestId('guarded').filter({ hasText: 'Bara den som skrev det här' }).waitFor()
  await page.getByText('Kod för att känna igen').click()
  await page.getByText('Mötet har ingen kod.').waitFor()
  await colleague.field.tap('button', 'Fler: Barn')
  await colleague.field.save(/^Spara$/, 'Ändringen är sparad på telefonen')
  await colleague.field.done()
  await colleague.field.received()
  equal((await engineState(page)).sync.rejected, [], 'refused by the server')

  // Its maker has the correction, and may change all of it.
  await field.syncNow()
  await field.openVisit('Exempelparken')
  await field.page.getByText('1 vuxen, 1 barn').waitFor()
  await field.tap('link', /^Ändra möte/)
  equal(await field.page.getByLabel('Barn', { exact: true }).inputValue(), '1', 'children')
  equal(await field.page.getByTestId('guarded').count(), 0, 'fields that the maker cannot change')
  for (const one of [browser, colleague.browser])
    equal(one.complaints, [], `${one.name} complained`)
})

test('at another organisation’s place, own tips and states are taken back, and a position is proposed', async (context) => {
  const { server, browser, field } = await phone(context)
  server.run('map', DEMO_MAP)
  await field.newPlace('Exempelparken', 'farsta')
  await field.countHere({ adults: 1 })
  await field.done()
  await field.received()

  const other = await phone(context, { name: 'other', organisation: 'forening-a', server })
  const { page } = other.field
  await other.field.received()
  await page.getByRole('link', { name: 'Alla platser' }).click()
  await page.getByRole('link', { name: /^Exempelparken/ }).click()

  // A tip, taken back, put back, and taken back again.
  const tips = page.getByRole('region', { name: 'Tips' })
  await page.locator('summary', { hasText: 'Tips' }).click()
  await page.getByLabel('Från vem?').fill('Parkförvaltningen')
  await page.getByLabel('Vad sades?').fill('Tält bakom förrådet')
  await other.field.tap('button', 'Spara tips')
  await tips.getByText('Tält bakom förrådet').waitFor()
  const takeBack = tips.getByRole('button', { name: 'Ta tillbaka: Tält bakom förrådet' })
  await takeBack.click()
  await tips.waitFor({ state: 'detached' })
  await other.field.tap('button', 'Ångra')
  await takeBack.click()
  await tips.waitFor({ state: 'detached' })

  // A state; the one that the place began with is not theirs to take back.
  const state = page.getByLabel('Läget nu')
  const began = await state.inputValue()
  await state.selectOption('evicted')
  await page.getByRole('button', { name: /^Ta tillbaka: / }).click()
  await page.getByRole('region', { name: 'Läget förut' }).waitFor({ state: 'detached' })
  equal(await state.inputValue(), began, 'the state')

  await page.locator('summary', { hasText: 'Föreslå ändring' }).click()
  await page.getByText('Peka ut på kartan').click()
  await page.getByRole('application').click({ position: { x: 150, y: 150 } })
  await other.field.tap('button', 'Spara förslag')
  const proposals = page.getByRole('region', { name: 'Förslag', exact: true }).getByRole('listitem')
  await proposals
    .filter({ hasText: 'Läge på kartan' })
    .filter({ hasText: 'väntar på samordnaren' })
    .waitFor()
  await page.goto(`${server.origin}/`)
  await other.field.unlock()
  await other.field.received()
  equal((await engineState(page)).sync.rejected, [], 'refused by the server')

  // A coordinator of those whose place it is looks at the map and does so.
  const desk = new Browser(context.directory, 'desk', DESK)
  context.cleanup(() => desk.kill())
  await desk.connect(server.invite('coordinator', 'eu-teamet'))
  await desk.page.getByRole('link', { name: /^Förslag/ }).click()
  await desk.page.getByRole('img', { name: /Exempelparken/ }).waitFor()
  await desk.page.getByRole('button', { name: /^Gör så: Exempelparken, Läge/ }).click()
  await desk.page.getByText('Platsen är ändrad.').waitFor()

  // Who did what is there for them to read, by organisation, in order.
  await desk.page.getByRole('link', { name: 'Vem gjorde vad? Exempelparken' }).first().click()
  const history = desk.page.getByTestId('history').getByRole('listitem')
  await history
    .first()
    .filter({ hasText: 'Någon vid samordningen' })
    .filter({ hasText: 'läge på kartan' })
    .waitFor()
  await history.last().filter({ hasText: 'Skapade det' }).filter({ hasText: 'EU-teamet' }).waitFor()
  const theirs = history.filter({ hasText: 'Förening A' })
  await theirs.filter({ hasText: /Lade till: tips/ }).waitFor()
  await theirs
    .filter({ hasText: /Lade till: förslag/ })
    .first()
    .waitFor()
  equal(
    await theirs.filter({ hasText: /Tog tillbaka, eller lade tillbaka: tips/ }).count(),
    3,
    'taken back, put back, taken back',
  )
  equal(await desk.page.getByText('Tält bakom').count(), 0, 'what was said')
  await field.syncNow()
  await field.page.getByRole('link', { name: 'Alla platser' }).click()
  await field.page.getByRole('link', { name: /^Exempelparken/ }).click()
  await field.page.getByRole('img', { name: /Exempelparken/ }).waitFor()
  const { latitude, longitude, exact } = await placeOn(field.page)
  equal([latitude % 100, longitude % 100, exact], [0, 0, false], 'on the grid')
  for (const one of [browser, other.browser, desk])
    equal(one.complaints, [], `${one.name} complained`)
})
