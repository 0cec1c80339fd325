// What both peers are measured with: a server process of their own, its CPU time
// and memory from /proc, the bytes on its disk.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Phones, records of each, and records that the server holds before, from the command line. */
export function workload() {
  const [phones, records, stored = 0] = process.argv.slice(2).map(Number)
  if (!(phones > 0 && records > 0 && stored >= 0))
    throw new Error('say how many phones, records of each, and records stored before')
  return { phones, records, stored }
}

/** A visit with one count, as a worker makes it: what Lägesbild's benchmark records. */
export function visit(adults) {
  const at = Date.now()
  return {
    kind: 'visit',
    schema: 1,
    place: '07070707070707070707070707070707',
    started: at,
    access: 'complete',
    basis: 'chosen',
    counts: {
      [Math.random().toString(16).slice(2).padEnd(16, '0')]: {
        observer: '0303030303030303',
        at,
        adults,
        sleeping: 'outdoors',
        method: 'seen',
      },
    },
    encounters: {},
  }
}

/** A server in a process and a directory of its own. */
export class Server {
  static async start(program) {
    const server = new Server()
    server.directory = mkdtempSync(join(tmpdir(), 'peer-'))
    server.process = fork(program, [server.directory], {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    })
    const [{ port }] = await once(server.process, 'message')
    server.port = port
    return server
  }

  /** CPU seconds so far, and the highest resident memory in MB. */
  usage() {
    const stat = readFileSync(`/proc/${this.process.pid}/stat`, 'utf8')
    const fields = stat.slice(stat.lastIndexOf(') ') + 2).split(' ')
    const status = readFileSync(`/proc/${this.process.pid}/status`, 'utf8')
    return {
      cpu: (Number(fields[11]) + Number(fields[12])) / 100,
      peak: (Number(/VmHWM:\s+(\d+)/.exec(status)[1]) * 1024) / 1e6,
    }
  }

  disk() {
    const size = (path) =>
      statSync(path).isDirectory()
        ? readdirSync(path).reduce((sum, name) => sum + size(join(path, name)), 0)
        : statSync(path).size
    return size(this.directory)
  }

  /** Asks the server something over its channel. */
  async ask(question) {
    const answer = once(this.process, 'message')
    this.process.send(question)
    return (await answer)[0]
  }

  async stop() {
    const ended = once(this.process, 'exit')
    this.process.kill('SIGKILL')
    await ended
    rmSync(this.directory, { recursive: true, force: true })
  }
}

/** Prints the figures and ends: clients keep timers that would hold the process. */
export function report(figures) {
  process.stdout.write(`${JSON.stringify(figures)}\n`, () => process.exit(0))
}

export const quantile = (values, q) =>
  values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) * q)]
