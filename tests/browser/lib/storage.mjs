// What lies on the phone's disk.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Every row of every store in IndexedDB, bytes read as text. */
export async function databaseText(page) {
  return page.evaluate(async () => {
    const settled = (request) =>
      new Promise((resolve, reject) => {
        request.addEventListener('success', () => resolve(request.result))
        request.addEventListener('error', () => reject(request.error))
      })
    const lines = []
    for (const { name } of await indexedDB.databases()) {
      const database = await settled(indexedDB.open(name))
      for (const store of database.objectStoreNames) {
        const rows = database.transaction(store).objectStore(store)
        const [keys, values] = await Promise.all([
          settled(rows.getAllKeys()),
          settled(rows.getAll()),
        ])
        const text = JSON.stringify([keys, values], (_key, value) => {
          if (!ArrayBuffer.isView(value)) return value
          const bytes = new Uint8Array(value.buffer, value.byteOffset, value.byteLength)
          return String.fromCharCode(...bytes.slice(0, 60_000))
        })
        lines.push(`${name}/${store} ${text}`)
      }
      database.close()
    }
    return lines.join('\n')
  })
}

/** The names of files below `directory` that hold `text`, as UTF-8, Latin-1 or UTF-16. */
export function filesWith(directory, text, skip = () => false) {
  const wanted = [
    Buffer.from(text, 'utf8'),
    Buffer.from(text, 'latin1'),
    Buffer.from(text, 'utf16le'),
  ]
  const found = []
  for (const entry of readdirSync(directory, { withFileTypes: true, recursive: true })) {
    if (!entry.isFile()) continue
    const path = join(entry.parentPath ?? entry.path, entry.name)
    if (skip(path)) continue
    let bytes
    try {
      bytes = readFileSync(path)
    } catch {
      continue
    }
    if (wanted.some((form) => bytes.includes(form))) found.push(path)
  }
  return found
}
