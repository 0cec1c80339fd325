// automerge-repo's WebSocket server with its storage on files.
import { Repo } from '@automerge/automerge-repo'
import { WebSocketServerAdapter } from '@automerge/automerge-repo-network-websocket'
import { NodeFSStorageAdapter } from '@automerge/automerge-repo-storage-nodefs'
import { WebSocketServer } from 'ws'

const sockets = new WebSocketServer({ port: 0, host: '127.0.0.1' })
let received = 0
let messages = 0
sockets.on('connection', (socket) => {
  socket.on('message', (data) => {
    received += data.length
    messages += 1
  })
})
const repo = new Repo({
  network: [new WebSocketServerAdapter(sockets)],
  storage: new NodeFSStorageAdapter(process.argv[2]),
  // A server offers documents only to who asks for them.
  sharePolicy: async () => false,
})
const held = () =>
  Object.values(repo.handles).filter((handle) => handle.isReady() && handle.doc().kind === 'visit').length

// Ends with the program that measures it.
process.on('disconnect', () => process.exit())
sockets.on('listening', () => process.send({ port: sockets.address().port }))
process.on('message', async (question) => {
  if (question === 'held') process.send({ held: held(), received, messages })
  if (question === 'flush') {
    await repo.flush()
    process.send({ flushed: true })
  }
})
