import { chunksOf, exchangeMaps, type ExchangeMaps } from './envoy-headers.ts'
import type { ExchangeScript, RequestScript, ResponseScript } from './exchange-script.ts'
import type { Stream } from './stream.ts'

/**
 * Plays a script in the order of callbacks that Envoy 1.40 was measured to have:
 * - no body: the headers end the stream and there is no body callback;
 * - HTTP/1.1 and HTTP/3: after the chunks comes an empty one that ends the stream; HTTP/2: the last chunk ends it;
 * - with trailers no body chunk ends the stream;
 * - an upgrade (101) sends one empty chunk each way first, and no end ever.
 */
export function playExchange(stream: Stream, script: ExchangeScript): void {
  const { clock } = stream.vm.host
  const { facts } = stream
  const { request = {}, response = {} } = script
  if (script.protocol) facts.protocol = script.protocol
  if (response === null) {
    facts.codeDetails = 'downstream_remote_disconnect'
    facts.responseFlags = 16384
  }
  if (response?.localReply) facts.upstreamAddress = null
  Object.assign(facts, script.facts)
  for (const [path, value] of Object.entries(script.properties ?? {})) {
    facts.overrides.set(path, value)
  }
  const maps = exchangeMaps(script, clock.now)
  if (script.refusedBeforeFilter) clock.advance(script.durationMs ?? 0)
  else if (response?.status === 101) playUpgrade(stream, script, maps)
  else {
    playRequest(stream, request, response, maps)
    clock.advance(script.durationMs ?? 0)
    if (response) playResponse(stream, request, response, maps)
  }
  finish(stream, script, maps)
}

function playRequest(
  stream: Stream,
  request: RequestScript,
  response: ResponseScript | null,
  maps: ExchangeMaps,
): void {
  const { body, trailers, unfinished = false } = request
  const bodyless = body === undefined && !trailers && !unfinished
  stream.requestHeaders(maps.request, { endOfStream: bodyless })
  if (bodyless || response?.localReply === 'while-decoding') return
  const last = trailers || unfinished ? 'open' : stream.facts.protocol
  playBody(chunksOf(body ?? []), last, (chunk, endOfStream) =>
    stream.requestBody(chunk, { endOfStream }),
  )
  if (trailers) stream.requestTrailers(trailers)
}

function playResponse(
  stream: Stream,
  request: RequestScript,
  response: ResponseScript,
  maps: ExchangeMaps,
): void {
  const { body, trailers, unfinished = false, status = 200 } = response
  const bodyless =
    request.method === 'HEAD' ||
    status === 204 ||
    status === 304 ||
    (body === undefined && !trailers && !unfinished)
  stream.responseHeaders(maps.response, { endOfStream: bodyless })
  if (bodyless) return
  const endsOnLastChunk = response.localReply ? 'HTTP/2' : stream.facts.protocol
  const last = trailers || unfinished ? 'open' : endsOnLastChunk
  playBody(chunksOf(body ?? []), last, (chunk, endOfStream) =>
    stream.responseBody(chunk, { endOfStream }),
  )
  if (trailers) stream.responseTrailers(trailers)
}

function playBody(
  chunks: Uint8Array[],
  last: string,
  send: (chunk: Uint8Array, endOfStream: boolean) => void,
): void {
  const lastChunkEnds = last === 'HTTP/2' && chunks.length > 0
  for (const [index, chunk] of chunks.entries()) {
    const ends = lastChunkEnds && index === chunks.length - 1
    if (chunk.length > 0 || ends) send(chunk, ends)
  }
  if (last !== 'open' && !lastChunkEnds) send(new Uint8Array(0), true)
}

function playUpgrade(stream: Stream, script: ExchangeScript, maps: ExchangeMaps): void {
  stream.requestHeaders(maps.request)
  stream.requestBody('')
  stream.vm.host.clock.advance(script.durationMs ?? 0)
  stream.responseHeaders(maps.response)
  stream.responseBody('')
  for (const frame of chunksOf(script.request?.body ?? [])) stream.requestBody(frame)
  for (const frame of chunksOf(script.response?.body ?? [])) stream.responseBody(frame)
}

/** What a refused exchange was answered is known at its end only. */
function finish(stream: Stream, script: ExchangeScript, maps: ExchangeMaps): void {
  const { facts } = stream
  if (script.refusedBeforeFilter && script.response !== null) {
    facts.responseCode ??= script.response?.status ?? 200
  }
  stream.end({
    requestHeaders: script.refusedBeforeFilter ? maps.request : maps.routedRequest,
    responseHeaders: maps.sentResponse,
    responseTrailers: script.response?.trailers ?? {},
  })
}
