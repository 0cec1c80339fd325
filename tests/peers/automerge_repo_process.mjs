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
// Documents that a message came for and that were not yet found whole: looking
// at every document at each question would be counted as the server's work.
const coming = new Set()
const complete = new Set()
repo.on('doc-metrics', ({ type, documentId }) => {
  if (type === 'receive-sync-message' && !complete.has(documentId)) coming.add(documentId)
})
function held() {
  for (const documentId of coming) {
    const handle = repo.handles[documentId]
    if (handle?.isReady() && handle.doc().kind === 'visit') {
      coming.delete(documentId)
      complete.add(documentId)
    }
  }
  return complete.size
}

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
