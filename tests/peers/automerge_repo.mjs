// automerge-repo clients → its WebSocket server: a document a record.
import { setTimeout as sleep } from 'node:timers/promises'
import { Repo } from '@automerge/automerge-repo'
import { WebSocketClientAdapter } from '@automerge/automerge-repo-network-websocket'
import { Server, quantile, report, visit, workload } from './measure.mjs'

const { phones, records, stored } = workload()
const server = await Server.start(new URL('./automerge_repo_process.mjs', import.meta.url).pathname)
function connect(repo) {
  const adapter = new WebSocketClientAdapter(`ws://127.0.0.1:${server.port}`)
  repo.networkSubsystem.addNetworkAdapter(adapter)
  return adapter
}
const disconnect = (repo, adapter) => repo.networkSubsystem.removeNetworkAdapter(adapter)

/** Waits until the server holds so many records; gives what it has received. */
async function until(count) {
  for (;;) {
    const state = await server.ask('held')
    if (state.held >= count) return state
    await sleep(2)
  }
}

// What other phones left before.
for (let held = 0; held < stored; held += 1000) {
  const earlier = new Repo({})
  const some = Math.min(1000, stored - held)
  for (let i = 0; i < some; i += 1) earlier.create(visit(i % 20))
  const adapter = connect(earlier)
  await until(held + some)
  disconnect(earlier, adapter)
}

/** Connects, and waits until the server holds so many. */
async function connected(repo, count) {
  const adapter = connect(repo)
  await until(count)
  return adapter
}

const repos = []
const urls = []
for (let n = 0; n < phones; n += 1) {
  const repo = new Repo({})
  for (let i = 0; i < records; i += 1) urls.push(repo.create(visit(i % 20)).url)
  repos.push(repo)
}

const total = phones * records
const before = server.usage()
const diskBefore = server.disk()
const sofar = await until(stored)
const begun = performance.now()
for (const repo of repos) connect(repo)
const state = await until(stored + total)
const upload = performance.now() - begun
const { cpu } = server.usage()
await server.ask('flush')
const figures = {
  records: total,
  records_per_s: (total / upload) * 1000,
  wire_bytes_per_record: (state.received - sofar.received) / total,
  round_trips_per_sync: (state.messages - sofar.messages) / phones,
  server_cpu_s: cpu - before.cpu,
  server_cpu_us_per_record: ((cpu - before.cpu) / total) * 1e6,
  disk_bytes_per_record: (server.disk() - diskBefore) / total,
}

/** Measures what comes after the upload. Where that fails, what was measured before stands. */
async function further(what, measure) {
  try {
    await measure()
  } catch (error) {
    figures.failed = [figures.failed, `${what}: ${error.message}`].filter(Boolean).join('; ')
  }
}

await further('a fresh phone', async () => {
  const fresh = new Repo({})
  connect(fresh)
  const asked = performance.now()
  await Promise.all(urls.map((url) => fresh.find(url)))
  figures.fresh_download_ms = performance.now() - asked
})

// One new record of a phone that was offline and holds 50 others: connect, send.
await further('one edit', async () => {
  const phone = new Repo({})
  for (let i = 0; i < 50; i += 1) phone.create(visit(i % 20))
  disconnect(phone, await connected(phone, stored + total + 50))
  const waits = []
  for (let i = 1; i <= 50; i += 1) {
    phone.create(visit(3))
    const started = performance.now()
    const adapter = await connected(phone, stored + total + 50 + i)
    waits.push(performance.now() - started)
    disconnect(phone, adapter)
  }
  figures.p50_ms = quantile(waits, 0.5)
  figures.p99_ms = quantile(waits, 0.99)
})
figures.peak_rss_mb = server.usage().peak
figures.durable = false
await server.stop()
report(figures)
