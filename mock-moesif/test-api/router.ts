import type { IncomingMessage, ServerResponse } from 'node:http'
import { send, type Reply } from '../server/reply.ts'
import type { Outgoing } from './call.ts'

/** Import takes what export gave; nothing else is nearly as large. */
const MAX_BODY_BYTES = 256 * 1024 * 1024

/** One call of the test API. */
export interface Call {
  params: Record<string, string>
  search: URLSearchParams
  text(): Promise<string>
  json(): Promise<unknown>
  /** Aborted when the caller hangs up. */
  signal: AbortSignal
  lastEventId: string | undefined
  /** The response itself, for a stream; absent when the call came from the same process. */
  outgoing: ServerResponse | undefined
}

/** What a call is made of, wherever it came from. */
type Caller = Pick<Call, 'text' | 'signal' | 'lastEventId' | 'outgoing'>

export interface Route {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** `/_mock/events/{id}` */
  path: string
  /** Answers, or returns nothing when it has taken the response over. */
  handle(call: Call): Reply | void | Promise<Reply | void>
}

/** Answered with its status; the message says what to change. */
export class BadCall extends Error {
  readonly status: number
  readonly detail: object

  constructor(
    message: string,
    { status = 400, detail = {} }: { status?: number; detail?: object } = {},
  ) {
    super(message)
    this.status = status
    this.detail = detail
  }
}

export class Router {
  readonly routes: readonly Route[]

  constructor(routes: readonly Route[]) {
    // A literal segment wins over a parameter: /events/await over /events/{id}.
    this.routes = routes.toSorted(
      (a, b) => Number(a.path.includes('{')) - Number(b.path.includes('{')),
    )
  }

  /** Answers a request that came over a socket. */
  async serve(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const lastEventId = incoming.headers['last-event-id']
    const caller: Caller = {
      text: () => readText(incoming),
      signal: closeOf(outgoing),
      lastEventId: typeof lastEventId === 'string' ? lastEventId : undefined,
      outgoing,
    }
    const reply = await this.#answer(incoming.method ?? 'GET', incoming.url ?? '/', caller)
    if (outgoing.headersSent || outgoing.destroyed) return
    if (reply) send(outgoing, reply)
  }

  /** Answers a call from the same process. */
  async call({ method, path, body = '' }: Outgoing): Promise<Reply> {
    const caller: Caller = {
      text: async () => body,
      signal: new AbortController().signal,
      lastEventId: undefined,
      outgoing: undefined,
    }
    return (await this.#answer(method, path, caller)) ?? { status: 501 }
  }

  async #answer(method: string, target: string, caller: Caller): Promise<Reply | void> {
    try {
      return await this.#dispatch(
        method === 'HEAD' ? 'GET' : method,
        new URL(target, 'http://mock'),
        caller,
      )
    } catch (error) {
      if (error instanceof BadCall)
        return { status: error.status, json: { error: error.message, ...error.detail } }
      return { status: 500, json: { error: `The mock failed: ${String(error)}` } }
    }
  }

  #dispatch(method: string, url: URL, caller: Caller): ReturnType<Route['handle']> {
    const allowed: string[] = []
    for (const route of this.routes) {
      const params = matchPath(route.path, url.pathname)
      if (!params) continue
      if (route.method === method)
        return route.handle({
          ...caller,
          params,
          search: url.searchParams,
          json: () => readJson(caller),
        })
      allowed.push(route.method)
    }
    if (allowed.length === 0)
      throw new BadCall(
        `There is no ${url.pathname}. GET /_mock/openapi.json lists what there is.`,
        {
          status: 404,
        },
      )
    return {
      status: 405,
      headers: { allow: allowed.join(', ') },
      json: { error: `${url.pathname} takes ${allowed.join(', ')}` },
    }
  }
}

function matchPath(template: string, path: string): Record<string, string> | undefined {
  const wanted = template.split('/')
  const given = path.split('/')
  if (wanted.length !== given.length) return undefined
  const params: Record<string, string> = {}
  for (const [index, segment] of wanted.entries()) {
    const value = given[index]!
    if (segment.startsWith('{')) {
      try {
        params[segment.slice(1, -1)] = decodeURIComponent(value)
      } catch {
        return undefined
      }
    } else if (segment !== value) return undefined
  }
  return params
}

async function readText(incoming: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of incoming.iterator({ destroyOnReturn: false })) {
    size += (chunk as Buffer).byteLength
    if (size > MAX_BODY_BYTES)
      throw new BadCall(`The body is over ${MAX_BODY_BYTES} bytes`, { status: 413 })
    chunks.push(chunk as Buffer)
  }
  return Buffer.concat(chunks).toString()
}

async function readJson(caller: Caller): Promise<unknown> {
  const body = await caller.text()
  try {
    return JSON.parse(body) as unknown
  } catch (error) {
    throw new BadCall(`The body is not JSON: ${(error as Error).message}`)
  }
}

function closeOf(outgoing: ServerResponse): AbortSignal {
  const abort = new AbortController()
  outgoing.once('close', () => abort.abort())
  return abort.signal
}
