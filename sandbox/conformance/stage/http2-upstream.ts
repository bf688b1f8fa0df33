import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type ServerHttp2Stream } from 'node:http2'
import type { AddressInfo } from 'node:net'
import { textsOf } from './texts-of.ts'
import type { Arrived, ScriptedResponse } from './scripted-response.ts'

interface Books {
  scriptOf: (path: string) => ScriptedResponse
  arrived: (path: string, request: Arrived) => void
}

/** The API over HTTP/2 without TLS, as gRPC servers are inside a network. */
export class Http2Upstream implements AsyncDisposable {
  readonly #server = createServer()
  readonly #books: Books

  constructor(books: Books) {
    this.#books = books
    this.#server.on('stream', (stream, headers) => {
      stream.on('error', () => {})
      void this.#answer(stream as ServerHttp2Stream, headers).catch(() => stream.destroy())
    })
  }

  async listen(host: string): Promise<void> {
    this.#server.listen(0, host)
    await once(this.#server, 'listening')
  }

  get url(): string {
    const { address, port } = this.#server.address() as AddressInfo
    return `http://${address}:${port}`
  }

  /** @note sessions end with their Envoys, which are gone by then. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.close()
    await once(this.#server, 'close')
  }

  async #answer(stream: ServerHttp2Stream, headers: IncomingHttpHeaders): Promise<void> {
    const path = headers[':path'] ?? '/'
    let trailers = {}
    stream.on('trailers', (given: IncomingHttpHeaders) => (trailers = textsOf(given)))
    const hash = createHash('sha256')
    let bytes = 0
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      hash.update(chunk)
      bytes += chunk.length
    }
    this.#books.arrived(path, { bytes, sha256: hash.digest('hex'), trailers })
    write(stream, this.#books.scriptOf(path))
  }
}

function write(stream: ServerHttp2Stream, script: ScriptedResponse): void {
  const { status = 200, headers = [], body = 'ok', trailers } = script
  const pieces = [body].flat().filter((piece) => piece.length > 0)
  stream.respond(
    { ':status': status, ...Object.fromEntries(headers) },
    { endStream: pieces.length === 0 && !trailers, waitForTrailers: trailers !== undefined },
  )
  stream.once('wantTrailers', () => stream.sendTrailers({ ...trailers }))
  for (const piece of pieces) stream.write(Buffer.from(piece))
  if (!stream.writableEnded) stream.end()
}
