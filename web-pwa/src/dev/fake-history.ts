/** Who did what, made up. */

import type { HistoryEntry } from '$core/shared/generated/api.ts'
import { Failure } from '$core/shared/failure.ts'
import * as data from './data.ts'

const HOUR = data.DAY / 24
const at = (ago: number, did: Partial<HistoryEntry>): HistoryEntry => ({
  received_at: new Date(data.NOW - ago).toISOString(),
  device: '5e1f00c2a94b77d3',
  organisation: 'eu-teamet',
  role: 'worker',
  made: false,
  fields: [],
  ...did,
})

const entries: HistoryEntry[] = [
  at(HOUR, { device: '0'.repeat(16), organisation: null, role: null, fields: ['exact'] }),
  at(3 * HOUR, { fields: ['tips/00000000000021ab/withdrawn'] }),
  at(data.DAY, {
    device: '77aa00c2a94b77d3',
    organisation: 'forening-a',
    fields: ['proposals/00000000000034cd', 'states/00000000000099ef'],
  }),
  at(9 * data.DAY, { role: 'coordinator', fields: ['name', 'note', 'latitude', 'longitude'] }),
  at(20 * data.DAY, { fields: ['tips/00000000000021ab'] }),
  at(90 * data.DAY, { made: true }),
]

/** Scenes: `history.empty`, `history.error`, `history.loading`. */
export async function fakeHistory(scene: string): Promise<HistoryEntry[]> {
  if (scene === 'history.error') throw new Failure('forbidden')
  if (scene === 'history.loading') await new Promise(() => undefined)
  return scene === 'history.empty' ? [] : entries
}
