import { constants, type ClientHttp2Stream } from 'node:http2'
import { setTimeout as sleep } from 'node:timers/promises'
import { Call, LEAVES_AFTER_MS, type SendOptions } from './call.ts'
import type { Answer, Exchange, ScriptedRequest } from './exchange.ts'
import { textsOf } from './texts-of.ts'

/** Over the one connection that all calls to this address share. */
export async function sendHttp2(
  url: string,
  { name, request: script = {} }: Exchange,
  { connections, timeoutMs, steps }: SendOptions,
): Promise<Answer> {
  const call = new Call(steps)
  const { answer, take, end, fail } = call
  const { body, trailers } = script
  const stream = connections.http2(url).request(
    {
      ':method': script.method ?? (body === undefined ? 'GET' : 'POST'),
      ':path': `/${name}${script.path ?? ''}`,
      ...Object.fromEntries(script.headers ?? []),
    },
    {
      endStream: body === undefined && !trailers,
      waitForTrailers: trailers !== undefined,
      signal: AbortSignal.timeout(timeoutMs),
    },
  )
  stream.on('headers', (headers) => answer.informational.push(Number(headers[':status'])))
  stream.once('response', (headers) => {
    answer.status = Number(headers[':status'])
    answer.headers = textsOf(headers)
  })
  stream.once('trailers', (given) => (answer.trailers = textsOf(given)))
  stream.on('data', take)
  stream.once('error', fail)
  stream.once('close', end)
  await write(stream, script)
  return await call.result()
}

async function write(stream: ClientHttp2Stream, script: ScriptedRequest): Promise<void> {
  const { body, trailers, leaves } = script
  stream.once('wantTrailers', () => stream.sendTrailers({ ...trailers }))
  for (const piece of body === undefined ? [] : [body].flat()) stream.write(Buffer.from(piece))
  if (leaves !== 'amid the body' && !stream.writableEnded) stream.end()
  if (leaves === undefined) return
  await sleep(LEAVES_AFTER_MS)
  stream.close(constants.NGHTTP2_CANCEL)
}
