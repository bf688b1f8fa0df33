import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A request as it came over the wire. */
export interface Recorded {
  method: string
  target: string
  headers: IncomingHttpHeaders
  body: Buffer
}

/** A server that records what it is sent: what is copied from the page is run against it. */
export class Recorder implements AsyncDisposable {
  readonly requests: Recorded[] = []
  readonly #server = createServer((request, response) => {
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', () => {
      const { method = '', url = '', headers } = request
      this.requests.push({ method, target: url, headers, body: Buffer.concat(parts) })
      response.end()
    })
  })

  static async start(): Promise<Recorder> {
    const recorder = new Recorder()
    await new Promise<void>((resolve) => recorder.#server.listen(0, '127.0.0.1', resolve))
    return recorder
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise<void>((resolve) => this.#server.close(() => resolve()))
  }
}
