import type { DataKey, Sealed } from '$core/outreach/ports.ts'
import { Failure } from '$core/shared/failure.ts'
import {
  CONTENT_STORES,
  isSealed,
  withDatabase,
  type LockRow,
  type StoredChunk,
} from '../database.ts'
import { sealIdentity } from '../identity.ts'
import { chunkContext, rowContext } from '../associated-data.ts'
import { sealingVault } from './vault.ts'

/**
 * Seals what a phone without a lock holds, and sets the lock, in one strict
 * transaction: a phone that dies in the middle is as it was before.
 */
export function sealEverything(key: DataKey, lock: LockRow): Promise<void> {
  const vault = sealingVault(key)
  const again = async <T extends Sealed>(row: T, context: string): Promise<T> => ({
    ...row,
    ...(await vault.seal(row.ciphertext, context)),
  })
  return withDatabase(async (database) => {
    // Whoever writes at present must claim the storage again before it can.
    await database.put('facts', '', 'leader')
    const identity = await database.get('identity', 'self')
    if (identity === undefined) throw new Failure('not_ready', 'not enrolled')
    const facts = await Promise.all([database.getAllKeys('facts'), database.getAll('facts')])
    const [names, values] = facts
    const [documents, chunks, coverage, drafts] = await Promise.all([
      database.getAll('documents'),
      database.getAll('chunks'),
      database.getAll('coverage'),
      database.getAll('drafts'),
    ])
    const sealedIdentity = await sealIdentity(identity, vault)
    // What a locked phone must be able to say, or to send, stays as it is.
    const sealedFacts = await Promise.all(
      values.map(async (value, i) => {
        const name = names[i] as string
        return [name, isSealed(value) ? await again(value, name) : value] as const
      }),
    )
    const sealed = {
      documents: await Promise.all(documents.map((row) => again(row, rowContext.document(row)))),
      chunks: await Promise.all(chunks.map((row: StoredChunk) => again(row, chunkContext(row)))),
      coverage: await Promise.all(coverage.map((row) => again(row, rowContext.coverage(row)))),
      drafts: await Promise.all(drafts.map((row) => again(row, rowContext.draft(row)))),
    }

    const stores = [...CONTENT_STORES, 'identity', 'lock'] as const
    const transaction = database.transaction(stores, 'readwrite', { durability: 'strict' })
    transaction.done.catch(() => undefined)
    const [set, leader] = await Promise.all([
      transaction.objectStore('lock').get('self'),
      transaction.objectStore('facts').get('leader'),
    ])
    if (set !== undefined || leader !== '') {
      transaction.abort()
      throw new Failure(set === undefined ? 'no_leader' : 'locked', 'another tab was first')
    }
    const requests: Promise<unknown>[] = [
      transaction.objectStore('lock').put(lock, 'self'),
      transaction.objectStore('identity').clear(),
      transaction.objectStore('identity').put(sealedIdentity, 'self'),
    ]
    for (const [name, value] of sealedFacts) {
      requests.push(transaction.objectStore('facts').put(value, name))
    }
    for (const row of sealed.documents) {
      requests.push(transaction.objectStore('documents').put(row))
    }
    for (const row of sealed.chunks) requests.push(transaction.objectStore('chunks').put(row))
    for (const row of sealed.coverage) requests.push(transaction.objectStore('coverage').put(row))
    for (const row of sealed.drafts) requests.push(transaction.objectStore('drafts').put(row))
    await Promise.all([...requests, transaction.done])
  })
}
