/**
 * The other side of the bench, in a process of its own: answers as fast as Node can, without parsing more than where a
 * request ends. `/v1/…` is the collector (201), all else the upstream: 200 with as many bytes of JSON as its port was
 * asked for in `--answer`. To the application `rules-N` it serves N rules. Prints its port.
 */
import { createServer, type AddressInfo, type Socket } from 'node:net'
import { parseArgs } from 'node:util'
import { rulesOf } from './rules.ts'

const { values } = parseArgs({ options: { answer: { type: 'string', default: '' } } })
const answer = Buffer.from(
  values.answer === ''
    ? 'HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n'
    : `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${values.answer.length}\r\n\r\n${values.answer}`,
)
const accepted = Buffer.from('HTTP/1.1 201 Created\r\ncontent-length: 0\r\n\r\n')
const APPLICATION_WITH_RULES = /^x-moesif-application-id: rules-(\d+)\r?$/im
const endOfHead = Buffer.from('\r\n\r\n')

function serve(socket: Socket): void {
  let pending: Buffer = Buffer.alloc(0)
  let bodyLeft = 0
  socket.setNoDelay(true)
  socket.on('error', () => socket.destroy())
  socket.on('data', (chunk: Buffer) => {
    if (bodyLeft > 0) {
      bodyLeft -= chunk.length
      if (bodyLeft === 0) socket.write(answer)
      return
    }
    pending = pending.length > 0 ? Buffer.concat([pending, chunk]) : chunk
    const end = pending.indexOf(endOfHead)
    if (end < 0) return
    const head = pending.toString('latin1', 0, end)
    const length = Number(/^content-length: (\d+)/im.exec(head)?.[1] ?? 0)
    const isBatch = head.startsWith('POST /v1/')
    const missing = length - (pending.length - end - endOfHead.length)
    if (head.startsWith('GET /v1/')) socket.write(documentFor(head))
    else if (isBatch) {
      if (missing > 0) return
      socket.write(accepted)
    } else if (missing > 0) bodyLeft = missing
    else socket.write(answer)
    pending = Buffer.alloc(0)
  })
}

function documentFor(head: string): string {
  const count = Number(APPLICATION_WITH_RULES.exec(head)?.[1] ?? 0)
  const body = head.startsWith('GET /v1/rules') ? JSON.stringify(rulesOf(count)) : '{}'
  return `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`
}

const server = createServer(serve)
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`${(server.address() as AddressInfo).port}\n`)
})
