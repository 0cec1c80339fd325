// pouchdb-server on LevelDB, as its command line starts it.
import { createRequire } from 'node:module'
import { join } from 'node:path'

const require = createRequire(import.meta.url)
const PouchDB = require('pouchdb')
const express = require('express')
const directory = process.argv[2]
const app = require('express-pouchdb')(PouchDB.defaults({ prefix: join(directory, '/') }), {
  configPath: join(directory, 'config.json'),
  logPath: join(directory, 'log.txt'),
})
// Ends with the program that measures it.
process.on('disconnect', () => process.exit())
const server = express()
  .use('/', app)
  .listen(0, '127.0.0.1', () => {
    process.send({ port: server.address().port })
  })
