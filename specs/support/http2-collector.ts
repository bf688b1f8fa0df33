import {
  createServer,
  type Http2Server,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from 'node:http2'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { expect } from 'vitest'

/** A collector that speaks HTTP/2 without TLS and keeps the batches that came whole. */
export class Http2Collector implements AsyncDisposable {
  readonly batches: { bytes: number; transactionIds: string[] }[] = []
  readonly #server: Http2Server
  readonly #sessions = new Set<ServerHttp2Session>()

  private constructor(server: Http2Server) {
    this.#server = server
    server.on('session', (session) => {
      this.#sessions.add(session)
      session.on('error', () => session.destroy())
      session.once('close', () => this.#sessions.delete(session))
    })
    server.on('stream', (stream: ServerHttp2Stream) => {
      stream.on('error', () => stream.destroy())
      void this.#take(buffer(stream)).then(
        () => !stream.destroyed && stream.respond({ ':status': 201 }, { endStream: true }),
        // A batch that was cut off has not arrived.
        () => stream.destroy(),
      )
    })
  }

  static async start(host: string): Promise<Http2Collector> {
    const server = createServer()
    const collector = new Http2Collector(server)
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject).listen(0, host, resolve)
    })
    return collector
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  /** Different events that arrived. */
  get received(): number {
    return new Set(this.batches.flatMap(({ transactionIds }) => transactionIds)).size
  }

  async waitForReceived(count: number): Promise<void> {
    await expect.poll(() => this.received, { interval: 25 }).toBe(count)
  }

  async #take(body: Promise<Buffer>): Promise<void> {
    const bytes = await body
    const events = JSON.parse(bytes.toString()) as { transaction_id: string }[]
    const transactionIds = events.map(({ transaction_id }) => transaction_id)
    this.batches.push({ bytes: bytes.length, transactionIds })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve))
    for (const session of this.#sessions) session.destroy()
    await closed
  }
}
