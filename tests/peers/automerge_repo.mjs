// automerge-repo clients → its WebSocket server: a document a record.
import { setTimeout as sleep } from 'node:timers/promises'
import { Repo } from '@automerge/automerge-repo'
import { WebSocketClientAdapter } from '@automerge/automerge-repo-network-websocket'
import { Server, quantile, report, visit, workload } from './measure.mjs'

const { phones, records } = workload()
const server = await Server.start(new URL('./automerge_repo_process.mjs', import.meta.url).pathname)
const connect = (repo) =>
  repo.networkSubsystem.addNetworkAdapter(new WebSocketClientAdapter(`ws://127.0.0.1:${server.port}`))

/** Waits until the server holds so many records; gives what it has received. */
async function until(count) {
  for (;;) {
    const state = await server.ask('held')
    if (state.held >= count) return state
    await sleep(2)
  }
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
const begun = performance.now()
for (const repo of repos) connect(repo)
const state = await until(total)
const upload = performance.now() - begun
const { cpu } = server.usage()
await server.ask('flush')
const figures = {
  records: total,
  records_per_s: (total / upload) * 1000,
  wire_bytes_per_record: state.received / total,
  round_trips_per_sync: state.messages / phones,
  server_cpu_s: cpu - before.cpu,
  server_cpu_us_per_record: ((cpu - before.cpu) / total) * 1e6,
  disk_bytes_per_record: (server.disk() - diskBefore) / total,
}

const fresh = new Repo({})
connect(fresh)
const asked = performance.now()
await Promise.all(urls.map((url) => fresh.find(url)))
figures.fresh_download_ms = performance.now() - asked

// One new record while connected, until the server holds it.
const waits = []
for (let i = 1; i <= 50; i += 1) {
  const started = performance.now()
  fresh.create(visit(3))
  await until(total + i)
  waits.push(performance.now() - started)
}
figures.p50_ms = quantile(waits, 0.5)
figures.p99_ms = quantile(waits, 0.99)
figures.peak_rss_mb = server.usage().peak
figures.durable = false
await server.stop()
report(figures)
