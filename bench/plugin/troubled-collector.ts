/** A collector in trouble, in a process of its own: `--trouble slow` answers 201 after 3 s, `--trouble reset` resets. Prints its port. */
import { createServer, type AddressInfo, type Socket } from 'node:net'
import { parseArgs } from 'node:util'

const SLOW_MS = 3000

const { values } = parseArgs({ options: { trouble: { type: 'string', default: 'slow' } } })

/** @note Envoy sends the next request on a connection only after the answer to the last: the first bytes start the wait. */
function serveSlowly(socket: Socket): void {
  let isAnswering = false
  socket.on('data', () => {
    if (isAnswering) return
    isAnswering = true
    setTimeout(() => {
      isAnswering = false
      socket.write('HTTP/1.1 201 Created\r\ncontent-length: 0\r\n\r\n')
    }, SLOW_MS)
  })
}

const server = createServer((socket) => {
  socket.on('error', () => socket.destroy())
  if (values.trouble === 'slow') serveSlowly(socket)
  else socket.once('data', () => socket.resetAndDestroy())
})
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`${(server.address() as AddressInfo).port}\n`)
})
