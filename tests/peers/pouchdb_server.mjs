// PouchDB clients → pouchdb-server. (Not CouchDB: a Node server on LevelDB, which
// does not sync its log to disk before it answers.)
import { createRequire } from 'node:module'
import { Server, quantile, report, visit, workload } from './measure.mjs'

const require = createRequire(import.meta.url)
const PouchDB = require('pouchdb')
PouchDB.plugin(require('pouchdb-adapter-memory'))

const { phones, records, stored } = workload()
const server = await Server.start(new URL('./pouchdb_server_process.mjs', import.meta.url).pathname)
const address = `http://127.0.0.1:${server.port}/visits`

let up = 0
let requests = 0
/** Counts bodies as they are sent: PouchDB compresses none. Headers come on top, as for all. */
const counting = async (url, options) => {
  requests += 1
  up += options?.body?.length ?? 0
  return PouchDB.fetch(url, options)
}
const remote = () => new PouchDB(address, { fetch: counting })
await remote().info()

const options = { batch_size: 200 }

// What other phones left before.
for (let held = 0; held < stored; held += 1000) {
  const earlier = new PouchDB(`earlier-${held}`, { adapter: 'memory' })
  const some = Math.min(1000, stored - held)
  await earlier.bulkDocs(Array.from({ length: some }, (_, i) => visit(i % 20)))
  await earlier.replicate.to(remote(), options)
  await earlier.destroy()
}

const locals = []
for (let n = 0; n < phones; n += 1) {
  const local = new PouchDB(`phone-${n}`, { adapter: 'memory' })
  for (let i = 0; i < records; i += 1) await local.post(visit(i % 20))
  locals.push(local)
}

const before = server.usage()
const diskBefore = server.disk()
up = 0
requests = 0
const begun = performance.now()
await Promise.all(locals.map((local) => local.replicate.to(remote(), options)))
const upload = performance.now() - begun
const { cpu } = server.usage()
const total = phones * records
const held = (await remote().info()).doc_count
if (held !== stored + total) throw new Error(`${held} of ${stored + total} arrived`)
const figures = {
  records: total,
  records_per_s: (total / upload) * 1000,
  wire_bytes_per_record: up / total,
  round_trips_per_sync: requests / phones,
  server_cpu_s: cpu - before.cpu,
  server_cpu_us_per_record: ((cpu - before.cpu) / total) * 1e6,
  disk_bytes_per_record: (server.disk() - diskBefore) / total,
}

const fresh = new PouchDB('fresh', { adapter: 'memory' })
const asked = performance.now()
await fresh.replicate.from(remote(), options)
figures.fresh_download_ms = performance.now() - asked
if ((await fresh.info()).doc_count !== stored + total)
  throw new Error('the fresh phone lacks records')

// One edit after being offline: a replication started anew.
const waits = []
for (let i = 0; i < 50; i += 1) {
  await fresh.post(visit(3))
  const started = performance.now()
  await fresh.replicate.to(remote(), options)
  waits.push(performance.now() - started)
}
figures.p50_ms = quantile(waits, 0.5)
figures.p99_ms = quantile(waits, 0.99)

// Until every phone has everything.
const agreeing = performance.now()
await Promise.all(locals.map((local) => local.replicate.from(remote(), options)))
figures.all_agree_s = (upload + performance.now() - agreeing) / 1000
figures.peak_rss_mb = server.usage().peak
figures.durable = false
await server.stop()
report(figures)
