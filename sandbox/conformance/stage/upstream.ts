import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { Http2Upstream } from './http2-upstream.ts'
import type { Arrived, ScriptedResponse } from './scripted-response.ts'
import { Steps } from './steps.ts'
import { textsOf } from './texts-of.ts'

/** The API behind Envoy: its answers are scripted by the first segment of the path. */
export class Upstream implements AsyncDisposable {
  readonly #server: Server
  readonly #http2: Http2Upstream
  readonly #scripts = new Map<string, ScriptedResponse>()
  readonly #arrived = new Map<string, Arrived>()
  readonly #steps = new Map<string, Steps>()

  private constructor() {
    this.#server = createServer((request, response) => {
      void this.#answer(request, response).catch(() => request.socket.destroy())
    })
    // Envoy keeps idle connections: closing them here first would answer some next request with 503.
    this.#server.keepAliveTimeout = 0
    this.#server.on('clientError', (_, socket) => socket.destroy())
    this.#server.on('upgrade', (_request, socket) => switchToEcho(socket))
    this.#http2 = new Http2Upstream({
      scriptOf: (path) => this.#scripts.get(nameIn(path)) ?? {},
      arrived: (path, request) => this.#arrived.set(nameIn(path), request),
    })
  }

  static async start(host: string): Promise<Upstream> {
    const upstream = new Upstream()
    upstream.#server.listen(0, host)
    await once(upstream.#server, 'listening')
    await upstream.#http2.listen(host)
    return upstream
  }

  get url(): string {
    const { address, port } = this.#server.address() as AddressInfo
    return `http://${address}:${port}`
  }

  /** The same for those who speak HTTP/2 with prior knowledge. */
  get http2Url(): string {
    return this.#http2.url
  }

  script(name: string, response: ScriptedResponse): void {
    this.#scripts.set(name, response)
  }

  /** The request of an exchange as it got here, when it did whole. */
  arrived(name: string): Arrived | undefined {
    return this.#arrived.get(name)
  }

  /** How far the bodies of an exchange have come. */
  steps(name: string): Steps {
    const steps = this.#steps.get(name) ?? new Steps()
    this.#steps.set(name, steps)
    return steps
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#http2[Symbol.asyncDispose]()
    this.#server.closeAllConnections()
    this.#server.close()
    await once(this.#server, 'close')
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const name = nameIn(request.url)
    const script = this.#scripts.get(name) ?? {}
    if (script.ends === 'reset') {
      request.socket.destroy()
      return
    }
    const steps = this.steps(name)
    this.#arrived.set(name, await received(request, steps))
    await sleep(script.delayMs ?? 0)
    await write(response, script, steps)
  }
}

const nameIn = (path = '/'): string => path.split(/[/?#]/)[1] ?? ''

async function received(request: IncomingMessage, steps: Steps): Promise<Arrived> {
  const hash = createHash('sha256')
  let bytes = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    hash.update(chunk)
    bytes += chunk.length
    steps.arrive('request', chunk.length)
  }
  return { bytes, sha256: hash.digest('hex'), trailers: textsOf(request.trailers) }
}

/** Agrees to the switch that the client asks for, and sends back what comes then. */
function switchToEcho(socket: Duplex): void {
  socket.on('error', () => {})
  socket.write(
    'HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n',
  )
  socket.pipe(socket)
}

const DEFAULT_HEADERS = [['content-type', 'text/plain']] as const

/** After this what is held back counts as held back for good. */
const STEP_WITHIN_MS = 5_000

async function write(
  response: ServerResponse,
  script: ScriptedResponse,
  steps: Steps,
): Promise<void> {
  const { status = 200, headers = DEFAULT_HEADERS, body = 'ok', trailers, pauseMs = 0 } = script
  const pieces = [body].flat()
  const length = pieces.reduce((sum, piece) => sum + Buffer.byteLength(piece), 0)
  const isFramed = trailers === undefined && pieces.length === 1
  const promised = script.ends === 'cut' ? length + 10 : length
  const all = [
    ...headers,
    ...(isFramed && length > 0 ? [['content-length', String(promised)] as const] : []),
    ...(trailers ? [['trailer', Object.keys(trailers).join()] as const] : []),
  ]
  if (script.earlyHints) response.writeEarlyHints({ link: '</style.css>; rel=preload' })
  response.writeHead(
    status,
    all.flatMap(([name, value]) => [name, value]),
  )
  let written = 0
  for (const [index, piece] of pieces.entries()) {
    if (index > 0) await sleep(pauseMs)
    if (script.stepwise && !(await steps.until('response', written, STEP_WITHIN_MS)))
      return void response.destroy()
    written += Buffer.byteLength(piece)
    // @note Node writes headers in the encoding of a first piece that is a text.
    response.write(Buffer.from(piece))
  }
  if (script.ends === 'cut') {
    await sleep(50)
    response.destroy()
    return
  }
  if (trailers) response.addTrailers(trailers)
  response.end()
}
