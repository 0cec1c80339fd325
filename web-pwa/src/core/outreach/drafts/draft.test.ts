import { expect, test } from 'vitest'
import { afterSave, keep, moved, open, type Draft } from './draft.ts'

interface Form {
  adults: number
  note: string
}
const FRESH: Form = { adults: 0, note: '' }

test('a draft of tonight comes back, under its id', () => {
  const kept = keep({ id: 'a', value: { adults: 6, note: '' }, offered: [] }, FRESH, 7)
  expect(open(kept, FRESH, 7, 'b')).toEqual({
    id: 'a',
    value: { adults: 6, note: '' },
    restored: true,
    offered: [],
  })
})

test('six adults of last night are offered, and are not tonight’s', () => {
  const kept = keep({ id: 'a', value: { adults: 6, note: '' }, offered: [] }, FRESH, 7)
  const opened = open(kept, FRESH, 8, 'b')
  expect(opened.value).toEqual(FRESH)
  expect(opened.offered).toMatchObject([{ id: 'a', night: 7, value: { adults: 6 } }])
  // What is typed tonight stands beside it.
  const both = keep({ ...opened, value: { adults: 2, note: '' } }, FRESH, 8)
  expect(open(both, FRESH, 8, 'c')).toMatchObject({
    id: 'b',
    value: { adults: 2 },
    offered: [{ night: 7, value: { adults: 6 } }],
  })
})

test('a form that is moved to another place keeps its answers, and takes none away there', () => {
  const draft = (id: string, adults: number): Draft<Form> => ({
    id,
    night: 7,
    value: { adults, note: '' },
    earlier: [],
  })
  expect(moved(draft('a', 3), null)).toEqual(draft('a', 3))
  const both = open(moved(draft('a', 3), draft('b', 5)), FRESH, 7, 'c')
  expect(both).toMatchObject({ id: 'a', value: { adults: 3 }, offered: [{ id: 'b' }] })
})

test('what an earlier version kept is no draft', () => {
  expect(open({ adults: 6, note: 'x' }, FRESH, 7, 'a')).toMatchObject({
    value: FRESH,
    offered: [],
  })
})

/** Numbers that look random, the same in each run (mulberry32). */
function numbers(seed: number): (most: number) => number {
  let state = seed
  return (most) => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) % most
  }
}

const SEQUENCES = 5_000

/**
 * Tabs that begin, type, leave, come back, are killed, decide about an offer and save, in any
 * order and over several nights. Each figure that is typed is new, so that whatever is saved
 * tells who typed it and when.
 */
test(`in any order nothing typed is lost, saved twice or moved to another night (${SEQUENCES} sequences)`, () => {
  for (let seed = 1; seed <= SEQUENCES; seed += 1) {
    const next = numbers(seed)
    const places = [0, 1]
    const kept = new Map<number, Draft<Form>>()
    const saves = new Map<string, { place: number; night: number; adults: number }>()
    const typed = new Map<number, { place: number; night: number }>()
    const gone = new Set<number>()
    type Tab = { place: number; night: number; form: ReturnType<typeof open<Form>> }
    let tabs: Tab[] = []
    let night = 100
    let figure = 0
    let ids = 0
    const store = (tab: Tab) => {
      const draft = keep(tab.form, FRESH, tab.night)
      if (draft === null) kept.delete(tab.place)
      else kept.set(tab.place, draft)
    }
    for (let step = 0; step < 24; step += 1) {
      const tab = tabs[next(Math.max(1, tabs.length))]
      switch (next(8)) {
        case 0: {
          // One form of a place is open at a time; a second tab takes over what is kept.
          const place = places[next(2)] ?? 0
          tabs = tabs.filter((one) => one.place !== place)
          ids += 1
          tabs.push({ place, night, form: open(kept.get(place), FRESH, night, `id${ids}`) })
          break
        }
        case 1:
        case 2:
          if (tab === undefined || tab.night !== night) break
          if (tab.form.value.adults > 0) gone.add(tab.form.value.adults)
          figure += 1
          typed.set(figure, { place: tab.place, night })
          tab.form.value = { ...tab.form.value, adults: figure }
          store(tab)
          break
        case 3:
          // Left, or killed: what was written down is all that is left.
          tabs = []
          break
        case 4:
          night += 1
          // A page that is open when the night ends is opened anew.
          tabs = []
          break
        case 5:
          if (tab === undefined || tab.form.offered.length === 0) break
          // Thrown away, as the person said.
          for (const one of tab.form.offered) gone.add(one.value.adults)
          tab.form.offered = []
          store(tab)
          break
        default: {
          if (tab === undefined || tab.form.value.adults === 0) break
          const { adults } = tab.form.value
          const before = saves.get(tab.form.id)
          if (before === undefined) saves.set(tab.form.id, { place: tab.place, night, adults })
          const rest = afterSave(tab.form)
          if (rest === null) kept.delete(tab.place)
          else kept.set(tab.place, rest)
          tabs = tabs.filter((one) => one !== tab)
        }
      }
    }
    const saved = [...saves.values()]
    expect(new Set(saved.map((one) => one.adults)).size).toBe(saved.length)
    for (const one of saved) {
      expect(typed.get(one.adults)).toEqual({ place: one.place, night: one.night })
    }
    const still = new Set(
      [...kept.values()]
        .flatMap((draft) => [draft, ...draft.earlier])
        .map((one) => one.value.adults),
    )
    for (const one of typed.keys()) {
      const there = still.has(one) || saved.some((save) => save.adults === one) || gone.has(one)
      expect(there, `seed ${seed}: ${one} is lost`).toBe(true)
    }
  }
})
