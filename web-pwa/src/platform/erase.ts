import { CONTENT_STORES, type Database } from './database.ts'

/** Deletes everything durably, and notes that and why it was done. */
export async function eraseAll(database: Database, reason: 'revoked' | 'asked'): Promise<void> {
  const stores = [...CONTENT_STORES, 'identity', 'lock'] as const
  const transaction = database.transaction(stores, 'readwrite', { durability: 'strict' })
  const cleared = stores.map((store) => transaction.objectStore(store).clear())
  await Promise.all([
    ...cleared,
    transaction.objectStore('facts').put(reason, 'erased'),
    transaction.done,
  ])
}
