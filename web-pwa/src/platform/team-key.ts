/** The team key where no lock seals it: at a coordinator's desk. */

import { withDatabase } from './database.ts'

const FACT = 'team-key'

/** The desk's key, as text. */
export async function deskKey(): Promise<string | null> {
  const stored = await withDatabase((database) => database.get('facts', FACT))
  return typeof stored === 'string' ? stored : null
}

export async function keepDeskKey(text: string): Promise<void> {
  await withDatabase((database) => database.put('facts', text, FACT))
}

/** 32 random bytes. */
export const newKey = (): Uint8Array => crypto.getRandomValues(new Uint8Array(32))
