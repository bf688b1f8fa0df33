import type { IncomingMessage, ServerResponse } from 'node:http'
import { send, type Reply } from '../server/reply.ts'

/** Import takes what export gave; nothing else is nearly as large. */
const MAX_BODY_BYTES = 256 * 1024 * 1024

/** One call of the test API. */
export interface Call {
  incoming: IncomingMessage
  outgoing: ServerResponse
  params: Record<string, string>
  search: URLSearchParams
  text(): Promise<string>
  json(): Promise<unknown>
}

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

  async serve(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    try {
      const reply = await this.#dispatch(incoming, outgoing)
      if (reply) send(outgoing, reply)
    } catch (error) {
      if (outgoing.headersSent || outgoing.destroyed) return void outgoing.destroy()
      if (error instanceof BadCall)
        return send(outgoing, {
          status: error.status,
          json: { error: error.message, ...error.detail },
        })
      send(outgoing, { status: 500, json: { error: `The mock failed: ${String(error)}` } })
    }
  }

  #dispatch(incoming: IncomingMessage, outgoing: ServerResponse): ReturnType<Route['handle']> {
    const url = new URL(incoming.url ?? '/', 'http://mock')
    const method = incoming.method === 'HEAD' ? 'GET' : incoming.method
    const allowed: string[] = []
    for (const route of this.routes) {
      const params = matchPath(route.path, url.pathname)
      if (!params) continue
      if (route.method === method)
        return route.handle(callOf(incoming, outgoing, params, url.searchParams))
      allowed.push(route.method)
    }
    if (allowed.length === 0)
      throw new BadCall(
        `There is no ${url.pathname}. GET /_mock/openapi.json lists what there is.`,
        { status: 404 },
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

function callOf(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  params: Record<string, string>,
  search: URLSearchParams,
): Call {
  const text = async () => {
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
  const json = async () => {
    const body = await text()
    try {
      return JSON.parse(body) as unknown
    } catch (error) {
      throw new BadCall(`The body is not JSON: ${(error as Error).message}`)
    }
  }
  return { incoming, outgoing, params, search, text, json }
}
