import { STATUS_CODES, type IncomingMessage, type ServerResponse } from 'node:http'
import type { Http2ServerRequest } from 'node:http2'
import { buffer } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'

type Request = IncomingMessage | Http2ServerRequest
/** @note the two classes differ in overloads only; HTTP/1's is the type, HTTP/2's compatibility API honours it. */
type Response = ServerResponse
type Route = (response: Response, url: URL, argument: string, request: Request) => unknown

const MAX_BYTES = 100_000_000
const MAX_DELAY_MS = 60_000
const MAX_LINES = 1_200

/**
 * By first path segment:
 * `/echo` a greeting · `/status/503` that status · `/delay/500` after 500 ms · `/bytes/100000` that many bytes ·
 * `/stream` five lines, 50 ms apart; `/stream/20` twenty · `/gzip` compressed JSON · `/headers?name=value` those response headers ·
 * `/trailers` with an HTTP trailer · `/redirect?to=/echo` a 302 · `/reset` a connection that breaks. Anything else: JSON that
 * describes the request.
 */
const ROUTES: Record<string, Route> = {
  echo: (response) => text(response, 'Hello from echo service'),
  status: (response, _, argument) => status(response, argument),
  delay: async (response, url, argument, request) => {
    await sleep(numberIn(argument, 0, MAX_DELAY_MS))
    await describe(response, url, request)
  },
  bytes: (response, _, argument) =>
    end(response, Buffer.alloc(numberIn(argument, 0, MAX_BYTES), 'x'), {
      'content-type': 'application/octet-stream',
    }),
  stream: (response, _, argument) => stream(response, numberIn(argument, 5, MAX_LINES)),
  gzip: (response) =>
    end(response, gzipSync(JSON.stringify({ gzipped: true })), {
      'content-type': 'application/json',
      'content-encoding': 'gzip',
    }),
  headers: (response, url) => {
    for (const name of new Set(url.searchParams.keys())) {
      response.setHeader(name, url.searchParams.getAll(name))
    }
    json(response, Object.fromEntries(url.searchParams))
  },
  trailers: (response) => {
    if (response.req.httpVersion === '1.1') response.setHeader('trailer', 'x-checksum')
    response.writeHead(200, { 'content-type': 'text/plain' })
    response.write('body')
    response.addTrailers({ 'x-checksum': '42' })
    response.end()
  },
  redirect: (response, url) =>
    end(response, '', { location: url.searchParams.get('to') ?? '/' }, 302),
  reset: (_, __, ___, request) => request.socket.destroy(),
}

/** Answers one request; never throws. */
export async function answer(request: Request, response: Response): Promise<void> {
  try {
    const url = new URL(request.url ?? '/', 'http://echo')
    const [, first = '', argument = ''] = url.pathname.split('/')
    const route = Object.hasOwn(ROUTES, first) ? ROUTES[first] : undefined
    await (route ? route(response, url, argument, request) : describe(response, url, request))
  } catch {
    request.socket.destroy()
  }
}

async function describe(response: Response, url: URL, request: Request): Promise<void> {
  const body = await buffer(request)
  const asText = body.toString('utf8')
  const isText = Buffer.from(asText).equals(body)
  json(response, {
    method: request.method,
    path: url.pathname,
    query: Object.fromEntries(url.searchParams),
    httpVersion: request.httpVersion,
    headers: request.headers,
    trailers: request.trailers,
    body: isText ? asText : body.toString('base64'),
    bodyEncoding: isText ? 'utf8' : 'base64',
    bodyBytes: body.length,
  })
}

/** The number that a path gives, or else `otherwise`; `most` at most. */
const numberIn = (argument: string, otherwise: number, most: number): number =>
  Math.min(Number(argument) || otherwise, most)

function status(response: Response, argument: string): void {
  const code = Number(argument)
  if (!Number.isInteger(code) || code < 200 || code > 599) {
    end(response, 'Expected /status/200 to /status/599\n', { 'content-type': 'text/plain' }, 400)
    return
  }
  const hasBody = code !== 204 && code !== 304
  end(
    response,
    hasBody ? `${STATUS_CODES[code] ?? code}\n` : '',
    { 'content-type': 'text/plain' },
    code,
  )
}

/** Until the client leaves. */
async function stream(response: Response, lines: number): Promise<void> {
  response.writeHead(200, { 'content-type': 'text/plain' })
  for (let line = 1; line <= lines && !response.destroyed; line++) {
    response.write(`line ${line}\n`)
    await sleep(50)
  }
  response.end()
}

const text = (response: Response, body: string): void =>
  end(response, body, { 'content-type': 'text/plain' })

const json = (response: Response, body: unknown): void =>
  end(response, JSON.stringify(body), { 'content-type': 'application/json' })

function end(
  response: Response,
  body: string | Buffer,
  headers: Record<string, string>,
  code = 200,
): void {
  const bytes = Buffer.from(body)
  const length = bytes.length > 0 ? { 'content-length': bytes.length } : {}
  response.writeHead(code, { ...headers, ...length })
  response.end(bytes)
}
