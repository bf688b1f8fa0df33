import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'

/** What the upstream answers to one exchange. Default: 200 with a short text. */
export interface ScriptedResponse {
  status?: number
  headers?: readonly (readonly [name: string, value: string])[]
  /** Several pieces are written one after the other, `pauseMs` apart. */
  body?: string | Buffer | readonly (string | Buffer)[]
  trailers?: Readonly<Record<string, string>>
  delayMs?: number
  pauseMs?: number
  /** `cut`: the connection breaks behind the body, which is not at its end. `reset`: it breaks instead of an answer. */
  ends?: 'whole' | 'cut' | 'reset'
}

/** A request as it arrived. */
export interface Arrived {
  bytes: number
  sha256: string
}

/** The API behind Envoy: its answers are scripted by the first segment of the path. */
export class Upstream implements AsyncDisposable {
  readonly #server: Server
  readonly #scripts = new Map<string, ScriptedResponse>()
  readonly #arrived = new Map<string, Arrived>()

  private constructor() {
    this.#server = createServer((request, response) => {
      void this.#answer(request, response).catch(() => request.socket.destroy())
    })
    // Envoy keeps idle connections: closing them here first would answer some next request with 503.
    this.#server.keepAliveTimeout = 0
    this.#server.on('clientError', (_, socket) => socket.destroy())
  }

  static async start(host: string): Promise<Upstream> {
    const upstream = new Upstream()
    upstream.#server.listen(0, host)
    await once(upstream.#server, 'listening')
    return upstream
  }

  get url(): string {
    const { address, port } = this.#server.address() as AddressInfo
    return `http://${address}:${port}`
  }

  script(name: string, response: ScriptedResponse): void {
    this.#scripts.set(name, response)
  }

  /** The request of an exchange as it got here, when it did whole. */
  arrived(name: string): Arrived | undefined {
    return this.#arrived.get(name)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections()
    this.#server.close()
    await once(this.#server, 'close')
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [, name = ''] = (request.url ?? '/').split(/[/?#]/)
    const script = this.#scripts.get(name) ?? {}
    if (script.ends === 'reset') {
      request.socket.destroy()
      return
    }
    const body = await buffer(request)
    this.#arrived.set(name, {
      bytes: body.length,
      sha256: createHash('sha256').update(body).digest('hex'),
    })
    await sleep(script.delayMs ?? 0)
    await write(response, script)
  }
}

const DEFAULT_HEADERS = [['content-type', 'text/plain']] as const

async function write(response: ServerResponse, script: ScriptedResponse): Promise<void> {
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
  response.writeHead(
    status,
    all.flatMap(([name, value]) => [name, value]),
  )
  for (const [index, piece] of pieces.entries()) {
    if (index > 0) await sleep(pauseMs)
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
