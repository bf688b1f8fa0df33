import type { HttpHandler } from 'msw'
import { MockMoesifClient } from './client/index.ts'
import type { Answered } from './client/index.ts'
import { fetchAdapter } from './collector/fetch-adapter.ts'
import { collectorHandlers } from './collector/msw-adapter.ts'
import { createMock, type Mock, type MockOptions } from './create-mock.ts'
import type { Reply } from './test-api/reply.ts'

/**
 * The mock without a port: handlers for `msw/node` that take every request to a Moesif collector, on any host.
 * Spread them into `setupServer`, and read what came from the same object, which is a client of the mock.
 *
 * @example
 * const moesif = moesifHandlers()
 * const server = setupServer(...moesif)
 * server.listen()
 * // … the application under test sends to https://api.moesif.net …
 * await moesif.application('my-app').awaitEvents({ count: 1 })
 */
export function moesifHandlers(options: MockOptions = {}): MoesifHandlers {
  return new MoesifHandlers(createMock(options))
}

export class MoesifHandlers
  extends MockMoesifClient
  implements AsyncDisposable, Iterable<HttpHandler>
{
  readonly handlers: readonly HttpHandler[]
  readonly #mock: Mock

  constructor(mock: Mock) {
    super('https://api.moesif.net', async ({ method, path, body, binary, signal }) => {
      const reply = await mock.router.answer(method, path, {
        bytes: async () => new Uint8Array(await new Blob([body ?? '']).arrayBuffer()),
        signal: signal ?? new AbortController().signal,
        lastEventId: undefined,
      })
      const { status, headers, body: bytes, stream } = reply
      if (stream)
        return answered({ status: 501, json: { error: 'The stream is served over HTTP only' } })
      if (binary && bytes instanceof Uint8Array)
        return {
          status,
          contentType: headers?.['content-type'] ?? '',
          text: '',
          bytes: new Uint8Array(bytes),
        }
      return answered(reply)
    })
    this.#mock = mock
    this.handlers = collectorHandlers(mock.collector, fetchAdapter)
  }

  [Symbol.iterator](): Iterator<HttpHandler> {
    return this.handlers[Symbol.iterator]()
  }

  /** Closes the store. */
  async close(): Promise<void> {
    await this.#mock.close()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }
}

async function answered({ status, headers = {}, json, body }: Reply): Promise<Answered> {
  if (body === undefined)
    return json === undefined
      ? { status, contentType: '', text: '' }
      : { status, contentType: 'application/json', text: JSON.stringify(json) }
  return { status, contentType: headers['content-type'] ?? '', text: await textOf(body) }
}

async function textOf(body: NonNullable<Reply['body']>): Promise<string> {
  if (typeof body === 'string') return body
  if (body instanceof Uint8Array) return Buffer.from(body).toString()
  let text = ''
  for await (const part of body) text += part
  return text
}
