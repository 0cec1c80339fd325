// Kills a phone's browser at random moments while it records, and counts what is lost.
import { engineState, recordMany, recordsIn } from './engine.mjs'

/** Kills `rounds` times; gives the records that were said to be saved, and those of them that are gone. */
export async function killAtRandom({ field, origin, rounds, random = Math.random }) {
  const said = new Set()
  let lost = []
  for (let round = 1; round <= rounds; round += 1) {
    const { page } = field
    await page.exposeFunction('tellSaved', (record) => void said.add(record))
    const state = await engineState(page)
    const places = state.documents
      .filter(({ view }) => view.kind === 'place')
      .map(({ view }) => view.document)
    const writing = recordMany(page, {
      places,
      count: 10_000,
      lanes: 3,
      name: `round-${round}`,
    }).catch(() => null)
    await new Promise((resolve) => setTimeout(resolve, 100 + random() * 1500))
    await field.killAndReopen(origin)
    await writing
    const there = new Set(recordsIn(await engineState(field.page)))
    lost = [...said].filter((record) => !there.has(record))
    if (lost.length > 0) break
  }
  return { said: said.size, lost }
}
