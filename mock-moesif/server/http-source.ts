import type { IncomingMessage, ServerResponse } from 'node:http'
import { HttpNetworkFrame, NetworkSource } from 'msw/experimental'
import type { Answer } from '../collector/answer.ts'
import { endResponse } from './end-response.ts'
import { ServedRequest } from './served-request.ts'

/** MSW matches no URL over 8192 characters, its origin included. */
const MAX_URL = 8000

/**
 * Serves MSW handlers on a real port: a source of frames for `defineNetwork`, one frame a request.
 * @note The base classes are experimental in msw 3: this file is the only one that knows them.
 */
export class HttpSource extends NetworkSource<ServedFrame> {
  readonly #onUnhandled: (request: ServedRequest) => Answer
  #enabled = false

  /** @param onUnhandled answers each request that no handler took */
  constructor(onUnhandled: (request: ServedRequest) => Answer) {
    super()
    this.#onUnhandled = onUnhandled
  }

  enable(): void {
    this.#enabled = true
  }

  override disable(): void {
    this.#enabled = false
    super.disable()
  }

  /** Answers one request, and resolves when the handlers are through with it. */
  async serve(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    if (!this.#enabled) return void outgoing.destroy()
    if ((incoming.url ?? '').length > MAX_URL)
      return answerJson(outgoing, 414, { error: `The URL is over ${MAX_URL} characters` })
    if (!ServedRequest.canCarry(incoming))
      return answerJson(outgoing, 405, { error: `Method ${incoming.method} is not served here` })
    await this.queue(
      new ServedFrame(new ServedRequest(incoming), incoming, outgoing, this.#onUnhandled),
    )
  }
}

export class ServedFrame extends HttpNetworkFrame {
  readonly #request: ServedRequest
  readonly #incoming: IncomingMessage
  readonly #outgoing: ServerResponse
  readonly #onUnhandled: (request: ServedRequest) => Answer

  constructor(
    request: ServedRequest,
    incoming: IncomingMessage,
    outgoing: ServerResponse,
    onUnhandled: (request: ServedRequest) => Answer,
  ) {
    super({ request })
    this.#onUnhandled = onUnhandled
    this.#request = request
    this.#incoming = incoming
    this.#outgoing = outgoing
  }

  override respondWith(response?: Response): void {
    if (!response) return this.passthrough()
    this.#write(response).catch(() => this.#outgoing.destroy())
  }

  /** No handler took it. */
  override passthrough(): void {
    const { status, headers, body } = this.#onUnhandled(this.#request)
    if (!this.#outgoing.headersSent && !this.#outgoing.destroyed)
      endResponse(this.#outgoing, status, headers, body)
  }

  override errorWith(reason?: unknown): void {
    answerJson(this.#outgoing, 500, {
      error: `The mock failed: ${reason instanceof Error ? reason.message : String(reason)}`,
    })
  }

  async #write(response: Response): Promise<void> {
    const outgoing = this.#outgoing
    // A network error has status 0, which cannot be sent: the connection is reset instead.
    if (response.type === 'error') return void this.#incoming.socket.resetAndDestroy()
    if (this.#request.breakOff === 'no-response') return
    // @note As text, head and body leave in one write; as bytes, they would take a slower writev.
    const body = response.body === null ? '' : await response.text()
    const headers = Object.fromEntries(response.headers)
    if (this.#request.breakOff !== 'half-response')
      return endResponse(outgoing, response.status, headers, body)
    headers['content-length'] = String(Buffer.byteLength(body))
    outgoing.writeHead(response.status, headers)
    outgoing.flushHeaders()
    outgoing.write(body.slice(0, Math.max(1, body.length >> 1)), () => {
      this.#incoming.socket.destroy()
    })
  }
}

function answerJson(outgoing: ServerResponse, status: number, document: unknown): void {
  if (outgoing.headersSent || outgoing.destroyed) return
  const headers = { 'content-type': 'application/json', 'access-control-allow-origin': '*' }
  endResponse(outgoing, status, headers, JSON.stringify(document))
}
