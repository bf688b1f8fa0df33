import {
  HeaderMap,
  type BodyScript,
  type ExchangeScript,
  type HeaderInput,
} from '#sandbox/emulator/index.ts'

/**
 * One exchange, described once: the emulator plays `script`; for real Envoy a client sends its request byte for byte
 * and an upstream answers with its response.
 */
export interface DifferentialCase {
  name: string
  script: ExchangeScript
  /** The listener, default `plain`. */
  listener?: string
  /** How the client sends; the upstream answers in HTTP/2 where the client speaks gRPC. */
  over?: 'http1' | 'http2' | 'grpc' | 'websocket'
  /** Who breaks the connection, and when: before the response begins or in the middle of it. */
  broken?: 'by client before response' | 'by client' | 'by upstream' | 'by upstream before response'
}

/** The header by which the upstream and the spec know the case of an exchange. */
export const CASE_HEADER = 'x-case'

/** Adds to a script what the drivers need and both sides see: the case's name, and lengths of bodies that have one. */
export function completed({ name, script, over = 'http1' }: DifferentialCase): ExchangeScript {
  const { request = {}, response = {} } = script
  const sized = over === 'http1'
  return {
    ...script,
    protocol: over === 'http2' || over === 'grpc' ? 'HTTP/2' : 'HTTP/1.1',
    request: {
      ...request,
      headers: [
        [CASE_HEADER, name],
        ...pairs(request.headers),
        ...(sized ? contentLength(request.headers, request.body, request.unfinished) : []),
      ],
    },
    response: response && {
      ...response,
      // Without a length the body, though empty, ends with the upstream's connection: Envoy learns of it after the headers.
      ...((sized || over === 'http2') && !response.localReply && { body: response.body ?? '' }),
      headers: [
        ...pairs(response.headers),
        ...(sized && !response.localReply
          ? contentLength(response.headers, response.body, response.unfinished)
          : []),
      ],
    },
  }
}

type Pairs = (readonly [string, string | Uint8Array])[]

const pairs = (headers: HeaderInput = []): Pairs => [...HeaderMap.from(headers)]

function contentLength(headers: HeaderInput = [], body?: BodyScript, unfinished = false): Pairs {
  const map = HeaderMap.from(headers)
  const framed = map.get('transfer-encoding') ?? map.get('content-length')
  if (framed || body === undefined) return []
  const length = bytesOf(body).length
  return [['content-length', String(unfinished ? length + 1 : length)]]
}

function bytesOf(body: BodyScript = []): Buffer {
  return Buffer.concat(chunksOf(body))
}

export function chunksOf(body: BodyScript = []): Buffer[] {
  const chunks = typeof body === 'string' || body instanceof Uint8Array ? [body] : body
  return chunks.map((chunk) => Buffer.from(chunk as Uint8Array))
}
