/** Made-up acts that wait for a second person, and made-up undos. */

import type { CoordinationApi } from '$core/coordination/api.ts'
import * as data from './data.ts'

const iso = (ago: number) => new Date(data.NOW - ago).toISOString()
const HOUR = data.DAY / 24
const PHONE = '77aa00c2a94b77d3'

type Decided = Pick<
  CoordinationApi,
  | 'acts'
  | 'settleAct'
  | 'retention'
  | 'letRetentionGoOn'
  | 'previewUndo'
  | 'undoDevice'
  | 'undos'
  | 'takeBackUndo'
>

export function fakeDeciding(): Decided {
  return {
    acts: async () => [
      {
        id: 4,
        act: 'replace_team_key',
        subject: '1f00c2a94b77d35e',
        since: null,
        asked_by: '5e1f00c2a94b77d3',
        organisation: 'forening-a',
        role: 'coordinator',
        asked_at: iso(3 * HOUR),
        expires_at: iso(-21 * HOUR),
        may_confirm: true,
        may_withdraw: false,
      },
      {
        id: 5,
        act: 'retention_go_on',
        subject: 'usual_share 39',
        since: null,
        asked_by: '5e1f00c2a94b77d3',
        organisation: 'eu-teamet',
        role: 'administrator',
        asked_at: iso(2 * HOUR),
        expires_at: iso(-22 * HOUR),
        may_confirm: true,
        may_withdraw: false,
      },
    ],
    settleAct: async () => undefined,
    retention: async () => 'clock_behind',
    letRetentionGoOn: async () => undefined,
    previewUndo: async () => ({
      needs_second: false,
      documents: 2,
      quarantined: 3,
      changes: [
        {
          document: '0a'.repeat(16),
          kind: 'place',
          organisation: 'eu-teamet',
          place: 'Under bron (exempel)',
          fields: [{ field: 'name', was: 'Ingenstans', becomes: 'Under bron (exempel)' }],
          left: [{ path: ['note'], why: 'changed_since' }],
        },
        {
          document: '0b'.repeat(16),
          kind: 'visit',
          organisation: 'eu-teamet',
          place: 'Skogsdungen (exempel)',
          fields: [{ field: 'withdrawn', was: null, becomes: true }],
          left: [],
        },
      ],
    }),
    undoDevice: async () => 'begun',
    undos: async () => ({
      rows: [
        {
          id: 1,
          device: PHONE,
          since: iso(3 * data.DAY),
          of: null,
          made_at: iso(2 * data.DAY),
          made_by: null,
          done_at: iso(2 * data.DAY),
          documents: 12,
          fields: 31,
          left: 2,
          discarded: 0,
          taken_back_by: null,
        },
      ],
      all: 1,
    }),
    takeBackUndo: async () => 'begun',
  }
}
