// What most tests begin with: a server, and one worker's phone on it.
import { Browser } from './browser.mjs'
import { Field } from './field.mjs'
import { Server } from './server.mjs'

async function fresh({ directory, cleanup }, config) {
  const server = await Server.create(directory)
  if (config) server.configure(config)
  cleanup(() => server.kill())
  await server.start()
  return server
}

/**
 * An enrolled phone: on `server`, or on a fresh one with `config` (TOML); its processes
 * find `environment` besides.
 */
export async function phone(
  context,
  { name = 'phone', organisation = 'eu-teamet', config, server, environment } = {},
) {
  server ??= await fresh(context, config)
  const browser = new Browser(context.directory, name)
  if (environment) browser.environment = environment
  context.cleanup(() => browser.kill())
  const field = new Field(browser)
  await field.enrol(server.invite('worker', organisation))
  return { server, browser, field }
}
