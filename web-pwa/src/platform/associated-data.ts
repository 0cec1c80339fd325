/** The associated data of each sealed piece, so that none can stand for another. */

import type { StoredChunk } from './database.ts'

export function chunkContext(chunk: Pick<StoredChunk, 'document' | 'sequence' | 'kind'>): string {
  return `chunk/${chunk.document}/${chunk.sequence}/${chunk.kind}`
}

export const rowContext = {
  document: (row: { document: string }) => `document/${row.document}`,
  coverage: (row: { place: string }) => `coverage/${row.place}`,
  draft: (row: { key: string }) => `draft/${row.key}`,
} as const
