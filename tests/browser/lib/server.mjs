// The real server as a child process, on a port that stays the same when it is
// stopped and started, as the phones' origin must.
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

const binary = process.env.LAGESBILD_BIN
const web = process.env.LAGESBILD_WEB
if (!binary || !web) {
  console.error(
    'Set LAGESBILD_BIN to the server and LAGESBILD_WEB to the built app, or run `cargo xtask test`.',
  )
  process.exit(2)
}

/** A port that nobody listens on. */
export async function freePort() {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const { port } = probe.address()
  probe.close()
  await once(probe, 'close')
  return port
}

export class Server {
  #child = null

  /** A server on a fresh data directory inside `directory`, with two organisations. */
  static async create(directory) {
    const server = new Server()
    server.data = join(directory, 'data')
    server.port = await freePort()
    server.origin = `http://localhost:${server.port}`
    server.run('organisation', 'eu-teamet', 'EU-teamet')
    server.run('organisation', 'forening-a', 'Förening A (exempel)')
    return server
  }

  /** A server with the made-up city of some weeks, nothing of which expires. */
  static async demo(directory, weeks, places = 150) {
    const server = new Server()
    server.data = join(directory, 'demo')
    server.port = await freePort()
    server.origin = `http://localhost:${server.port}`
    server.run('demo', '--weeks', String(weeks), '--places', String(places))
    server.configure('[retention]\nvisits = 3650\nalerts = 3650\nfeedback = 3650\n')
    return server
  }

  /** Runs a subcommand to its end; gives its last line. */
  run(command, ...rest) {
    const printed = execFileSync(binary, [command, '--data', this.data, ...rest], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    return printed.trim().split('\n').at(-1)
  }

  /** A link that enrols one phone or browser. */
  invite(role, organisation) {
    return this.run('invite', '--role', role, '--organisation', organisation, '--url', this.origin)
  }

  /** Gives the server a configuration file; takes effect at the next start. */
  configure(toml) {
    this.config = `${this.data}.toml`
    writeFileSync(this.config, toml)
  }

  async start() {
    const listen = `127.0.0.1:${this.port}`
    const child = spawn(
      binary,
      [
        'serve',
        '--data',
        this.data,
        '--web',
        this.web ?? web,
        '--listen',
        listen,
        '--log',
        'warn',
        ...(this.config ? ['--config', this.config] : []),
      ],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    )
    this.#child = child
    const lines = createInterface({ input: child.stdout })
    const [line] = await Promise.race([
      once(lines, 'line'),
      once(child, 'exit').then(([code]) =>
        Promise.reject(new Error(`the server ended with ${code}`)),
      ),
    ])
    if (!line.startsWith('Serving on')) throw new Error(`the server said: ${line}`)
  }

  /** Asks the server to end, and waits for it. */
  async stop() {
    await this.#end('SIGTERM')
  }

  /** Ends the server at once. */
  async kill() {
    await this.#end('SIGKILL')
  }

  async #end(signal) {
    const child = this.#child
    if (!child || child.exitCode !== null) return
    this.#child = null
    const ended = once(child, 'exit')
    child.kill(signal)
    await ended
  }
}
