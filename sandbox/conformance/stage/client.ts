import { request as httpRequest, type Agent, type ClientRequest } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Answer, Exchange, ScriptedRequest } from './exchange.ts'

/** How long after its head a client leaves: long enough for Envoy to have seen that. */
const LEAVES_AFTER_MS = 150

/** Makes one call. Resolves whatever happens, at the latest after `timeoutMs`. */
export async function send(
  url: string,
  { name, request: script = {} }: Exchange,
  { agent, timeoutMs }: { agent: Agent; timeoutMs: number },
): Promise<Answer> {
  const started = performance.now()
  const answer: Answer = {
    status: 0,
    headers: {},
    body: Buffer.alloc(0),
    firstByteMs: 0,
    totalMs: 0,
    sentAt: Date.now(),
    endedAt: 0,
  }
  const { promise, resolve } = Promise.withResolvers<void>()
  const chunks: Buffer[] = []
  const fail = (error: Error): void => {
    answer.error ??= error.message
    resolve()
  }
  const request = httpRequest(
    `${url}/${name}${script.path ?? ''}`,
    {
      method: script.method ?? (script.body === undefined ? 'GET' : 'POST'),
      agent: script.leaves === undefined ? agent : false,
      headers: headersOf(script, new URL(url).host),
      signal: AbortSignal.timeout(timeoutMs),
    },
    (response) => {
      answer.status = response.statusCode ?? 0
      answer.headers = Object.fromEntries(
        Object.entries(response.headers).map(([key, value]) => [key, [value].flat().join()]),
      )
      response.on('data', (chunk: Buffer) => {
        if (chunks.length === 0) answer.firstByteMs = performance.now() - started
        chunks.push(chunk)
      })
      response.once('end', resolve)
      response.once('error', fail)
      response.once('close', resolve)
    },
  )
  request.once('error', fail)
  await write(request, script)
  await promise
  answer.body = Buffer.concat(chunks)
  answer.totalMs = performance.now() - started
  answer.endedAt = Date.now()
  return answer
}

async function write(request: ClientRequest, script: ScriptedRequest): Promise<void> {
  const pieces = script.body === undefined ? [] : [script.body].flat()
  // @note Node writes headers in the encoding of a first piece that is a text.
  for (const piece of pieces) request.write(Buffer.from(piece))
  if (script.leaves === 'amid the body') {
    await sleep(LEAVES_AFTER_MS)
    request.destroy()
    return
  }
  if (script.trailers) request.addTrailers(Object.entries(script.trailers))
  request.end()
  if (script.leaves === 'before the answer') {
    await sleep(LEAVES_AFTER_MS)
    request.destroy()
  }
}

/** A flat list keeps repeated names apart. */
function headersOf(script: ScriptedRequest, host: string): string[] {
  const given = script.headers ?? []
  const has = (name: string) => given.some(([key]) => key.toLowerCase() === name)
  const length = script.body === undefined ? [] : [script.body].flat()
  const isWhole = length.length === 1 && !script.trailers && script.leaves === undefined
  return [
    ...(has('host') ? [] : [['host', host] as const]),
    ...given,
    ...(isWhole && !has('content-length')
      ? [['content-length', String(Buffer.byteLength(length[0]!))] as const]
      : []),
    ...(!isWhole && length.length > 0 && !has('content-length')
      ? [['transfer-encoding', 'chunked'] as const]
      : []),
    ...(script.trailers ? [['trailer', Object.keys(script.trailers).join()] as const] : []),
  ].flat()
}
