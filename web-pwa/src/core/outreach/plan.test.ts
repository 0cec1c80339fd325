import { describe, expect, test } from 'vitest'
import { plan, type UndoCommands } from './plan.ts'
import type { Surroundings } from './planning.ts'
import type { Content, Visit } from '../shared/model.ts'
import type { Command, DocumentContent } from './wasm-types.ts'
import { Failure } from '../shared/failure.ts'

const NOW = Date.UTC(2026, 10, 20, 21, 0)

/** Documents in memory, to which commands apply field by field, as the replica does. */
class Desk implements Surroundings {
  device = '00000000000000aa'
  now = NOW
  documents = new Map<string, Content>()
  drawn = new Set<string>()
  #ids = 0
  documentId = () => String(++this.#ids).padStart(32, '0')
  recordId = () => String(++this.#ids).padStart(16, '0')
  content = (id: string) => this.documents.get(id) ?? null
  isDrawn = (id: string) => this.drawn.has(id);

  *visitsAt(place: string): Generator<[string, Visit]> {
    for (const [id, c] of this.documents) {
      if (c.kind === 'visit' && c.content.place === place) yield [id, c.content]
    }
  }
  apply(commands: readonly Command[]): void {
    for (const command of commands) {
      if (command.type === 'create') this.documents.set(command.document, command.content)
      if (command.type === 'edit') {
        const present = this.documents.get(command.document)
        if (present === undefined) throw new Error('no document')
        const merged = merge(present.content, command.base, command.next)
        this.documents.set(command.document, { ...present, content: merged } as Content)
      }
    }
  }
  do(intent: Parameters<typeof plan>[0]) {
    const made = plan(intent, this)
    this.apply(made.commands)
    return made
  }
  visit(id: string): Visit {
    const found = this.documents.get(id)
    if (found?.kind !== 'visit') throw new Error('no visit')
    return found.content
  }
}

function merge<T>(present: T, base: T, next: T): T {
  if (JSON.stringify(base) === JSON.stringify(next)) return present
  const isMap = (v: unknown): v is Record<string, unknown> =>
    typeof v === 'object' && v !== null && !Array.isArray(v)
  if (!isMap(present) || !isMap(base) || !isMap(next)) return next
  const out: Record<string, unknown> = { ...present }
  for (const key of Object.keys(next)) {
    out[key] = key in base ? merge(out[key], base[key], next[key]) : next[key]
  }
  return out as T
}

function deskWithPlace(): [Desk, string] {
  const desk = new Desk()
  const { saved } = desk.do({
    type: 'new_place',
    place: { name: 'Bron', place_type: 'settlement', district: 'farsta', position: null },
  })
  return [desk, saved.place as string]
}

describe('recording', () => {
  test('a count begins a visit, and a second count tonight goes into the same', () => {
    const [desk, place] = deskWithPlace()
    const first = desk.do({ type: 'count', where: { place }, count: { adults: 4 } })
    const second = desk.do({ type: 'count', where: { place }, count: { adults: 5 } })
    expect(second.saved.document).toBe(first.saved.document)
    const visit = desk.visit(first.saved.document)
    expect(Object.values(visit.counts).map((c) => c.adults)).toEqual([4, 5])
    expect(visit).toMatchObject({ access: 'complete', basis: 'chosen' })
  })

  test('another night is another visit', () => {
    const [desk, place] = deskWithPlace()
    const first = desk.do({ type: 'count', where: { place }, count: { adults: 4 } })
    desk.now += 24 * 3_600_000
    const second = desk.do({ type: 'count', where: { place }, count: { adults: 4 } })
    expect(second.saved.document).not.toBe(first.saved.document)
  })

  test('a drawn place gives a drawn visit', () => {
    const [desk, place] = deskWithPlace()
    desk.drawn.add(place)
    const { saved } = desk.do({ type: 'count', where: { place }, count: {} })
    expect(desk.visit(saved.document).basis).toBe('drawn')
  })

  test('an encounter does not claim that the place was seen; a later count does', () => {
    const [desk, place] = deskWithPlace()
    const { saved } = desk.do({ type: 'encounter', where: { place }, encounter: {} })
    expect(desk.visit(saved.document).access).toBe('partial')
    desk.do({ type: 'count', where: { place }, count: { adults: 1 } })
    expect(desk.visit(saved.document).access).toBe('complete')
    desk.do({ type: 'encounter', where: { place }, encounter: {} })
    expect(desk.visit(saved.document).access).toBe('complete')
  })

  test('a new place is recorded along with the count', () => {
    const desk = new Desk()
    const { saved, commands } = desk.do({
      type: 'count',
      where: {
        new_place: {
          name: ' Parken ',
          place_type: 'park',
          district: 'farsta',
          position: { latitude: 59.123456, longitude: 18.0987 },
        },
      },
      count: { adults: 2 },
    })
    expect(commands.map((c) => c.type)).toEqual(['create', 'create'])
    expect(desk.content(saved.place as string)?.content).toMatchObject({
      name: 'Parken',
      latitude: 5_912_300,
      longitude: 1_809_900,
      exact: false,
    })
    expect(desk.visit(saved.document).place).toBe(saved.place)
  })

  test('no access makes a visit without counts', () => {
    const [desk, place] = deskWithPlace()
    const { saved } = desk.do({ type: 'no_access', where: { place } })
    expect(desk.visit(saved.document)).toMatchObject({ access: 'no_access', counts: {} })
  })

  test('a note is added to the one that stands', () => {
    const [desk, place] = deskWithPlace()
    const { saved } = desk.do({ type: 'count', where: { place }, count: {}, visit: { note: 'a' } })
    desk.do({ type: 'count', where: { place }, count: {}, visit: { note: 'b' } })
    expect(desk.visit(saved.document).note).toBe('a\nb')
  })

  test('what is gone is refused', () => {
    const desk = new Desk()
    const gone = () => plan({ type: 'count', where: { place: 'f'.repeat(32) }, count: {} }, desk)
    expect(gone).toThrow(Failure)
  })
})

describe('undo', () => {
  const undo = (made: { undo: Command[] }) =>
    ({ type: 'undo', undo: { id: 'x', commands: made.undo } as UndoCommands }) as const

  test('takes back a count, and the visit that came with it', () => {
    const [desk, place] = deskWithPlace()
    const made = desk.do({ type: 'count', where: { place }, count: { adults: 4 } })
    desk.do(undo(made))
    expect(desk.visit(made.saved.document).withdrawn).toBe(true)
  })

  test('leaves the rest of the visit alone', () => {
    const [desk, place] = deskWithPlace()
    const first = desk.do({ type: 'encounter', where: { place }, encounter: {} })
    const made = desk.do({ type: 'count', where: { place }, count: { adults: 4 } })
    // A colleague writes meanwhile.
    const visit = desk.visit(made.saved.document)
    desk.apply([
      { type: 'edit', document: made.saved.document, base: visit, next: { ...visit, note: 'n' } },
    ])
    desk.do(undo(made))
    const after = desk.visit(made.saved.document)
    expect(after).toMatchObject({ withdrawn: false, access: 'partial', note: 'n' })
    expect(after.counts[made.saved.record as string]).toMatchObject({ withdrawn: true, adults: 4 })
    expect(after.encounters[first.saved.record as string]?.withdrawn).toBe(false)
  })

  test('takes back a place with the visit', () => {
    const desk = new Desk()
    const made = desk.do({
      type: 'encounter',
      where: { new_place: { name: 'X', place_type: 'street', district: '', position: null } },
      encounter: {},
    })
    desk.do(undo(made))
    expect(desk.visit(made.saved.document).withdrawn).toBe(true)
    expect(desk.content(made.saved.place as string)?.content).toMatchObject({ withdrawn: true })
  })

  test('takes back an edit', () => {
    const [desk, place] = deskWithPlace()
    const made = desk.do({ type: 'count', where: { place }, count: { adults: 4 } })
    const record = made.saved.record as string
    const base = desk.visit(made.saved.document).counts[record]
    if (base === undefined) throw new Error('no count')
    const edit = desk.do({
      type: 'edit_count',
      document: made.saved.document,
      record,
      base,
      change: { adults: 7 },
    })
    expect(desk.visit(made.saved.document).counts[record]?.adults).toBe(7)
    desk.do(undo(edit))
    expect(desk.visit(made.saved.document).counts[record]?.adults).toBe(4)
  })
})

test('an edit touches only the fields that it names', () => {
  const [desk, place] = deskWithPlace()
  const made = desk.do({ type: 'count', where: { place }, count: { adults: 4 } })
  const record = made.saved.record as string
  const seen = desk.visit(made.saved.document).counts[record]
  if (seen === undefined) throw new Error('no count')
  const edit = (change: object) =>
    desk.do({ type: 'edit_count', document: made.saved.document, record, base: seen, change })
  edit({ children: 2 })
  edit({ adults: 3 })
  const after: DocumentContent = desk.visit(made.saved.document)
  expect(after.counts[record]).toMatchObject({ adults: 3, children: 2 })
})

describe('alerts', () => {
  const fields = { category: 'pregnancy', place: null, note: '' } as const
  const made = (desk: Desk, id: string) => {
    const found = desk.documents.get(id)
    if (found?.kind !== 'alert') throw new Error('no alert')
    return found.content
  }

  test('an alert bears the calls that came before it', () => {
    const desk = new Desk()
    const calls = [{ to: 'duty_service', at: NOW - 60_000, answered_by: 'Jouren' }] as const
    const { saved, undo } = desk.do({ type: 'alert', alert: fields, calls: [...calls] })
    expect(made(desk, saved.document)).toMatchObject({ opened: NOW, outcome: 'open' })
    expect(Object.values(made(desk, saved.document).calls)).toEqual([
      { ...calls[0], withdrawn: false },
    ])
    desk.apply(undo)
    expect(made(desk, saved.document).withdrawn).toBe(true)
  })

  test('who answered can be said afterwards, without losing an acknowledgement', () => {
    const desk = new Desk()
    const { document } = desk.do({ type: 'alert', alert: fields, calls: [] }).saved
    const call = { to: 'emergency', answered_by: '' } as const
    const { record } = desk.do({ type: 'call', document, call }).saved
    const alert = made(desk, document)
    const one = { by: 'bb', at: NOW, note: '', withdrawn: false }
    desk.documents.set(document, {
      kind: 'alert',
      content: { ...alert, acknowledgements: { x: one } },
    })
    desk.do({ type: 'answered', document, record: record ?? '', answered_by: 'Larmoperatör' })
    expect(made(desk, document).calls[record ?? '']?.answered_by).toBe('Larmoperatör')
    expect(made(desk, document).acknowledgements).toEqual({ x: one })
  })

  test('whoever raised an alert can take it back, and says nothing of how it ended', () => {
    const desk = new Desk()
    const { document } = desk.do({ type: 'alert', alert: fields, calls: [] }).saved
    const base = made(desk, document)
    desk.do({ type: 'edit_alert', document, base, change: { withdrawn: true } })
    expect(made(desk, document)).toEqual({ ...base, withdrawn: true })
    expect(() =>
      desk.do({ type: 'call', document: 'x', call: { to: 'other', answered_by: '' } }),
    ).toThrow(Failure)
  })
})
