import { createServer as createHttpServer, type Server, type ServerResponse } from 'node:http'
import { createServer as createHttp2Server, type Http2Server } from 'node:http2'
import { createServer as createTcpServer, type AddressInfo, type Socket } from 'node:net'
import { WebSocketServer } from 'ws'
import { answer } from './answer.ts'

export interface Echo extends AsyncDisposable {
  /** `http://127.0.0.1:port`, or with the host it listens on */
  url: string
  port: number
}

/** The first bytes of an HTTP/2 connection with prior knowledge. */
const HTTP2_PREFACE = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n')

/** Starts an upstream for tests: HTTP/1.1, h2c and WebSocket on one port (any free one by default). See `answer.ts` for its paths. */
export async function startEcho({ port = 0, host = '127.0.0.1' } = {}): Promise<Echo> {
  const http1 = createHttpServer((request, response) => void answer(request, response))
  const http2 = createHttp2Server(
    (request, response) => void answer(request, response as unknown as ServerResponse),
  )
  echoWebSockets(http1)
  // Envoy keeps idle connections for an hour: closing them here first would answer some next request with 503.
  http1.keepAliveTimeout = 0
  // @note without these listeners a broken connection would end the process.
  for (const server of [http1, http2])
    server.on('clientError', (_, socket: Socket) => socket.destroy())
  http2.on('sessionError', () => {})

  const sockets = new Set<Socket>()
  const front = createTcpServer((socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
    socket.on('error', () => socket.destroy())
    socket.once('readable', () => dispatch(socket, http1, http2))
  })
  await new Promise<void>((resolve, reject) => {
    front.once('error', reject).listen(port, host, resolve)
  })
  const actual = (front.address() as AddressInfo).port
  return {
    port: actual,
    url: `http://${host === '0.0.0.0' ? '127.0.0.1' : host}:${actual}`,
    async [Symbol.asyncDispose]() {
      const closed = new Promise((resolve) => front.close(resolve))
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}

function dispatch(socket: Socket, http1: Server, http2: Http2Server): void {
  const first = socket.read() as Buffer | null
  if (first === null) return
  const length = Math.min(first.length, HTTP2_PREFACE.length)
  const isHttp2 = first.subarray(0, length).equals(HTTP2_PREFACE.subarray(0, length))
  socket.unshift(first)
  if (isHttp2) http2.emit('connection', socket)
  else http1.emit('connection', socket)
}

function echoWebSockets(server: Server): void {
  const webSockets = new WebSocketServer({ server })
  webSockets.on('connection', (webSocket) => {
    webSocket.on('error', () => webSocket.terminate())
    webSocket.on('message', (message, isBinary) => webSocket.send(message, { binary: isBinary }))
  })
}
