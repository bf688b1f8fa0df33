import { request as httpRequest, type ClientRequest } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { Call, LEAVES_AFTER_MS, type SendOptions } from './call.ts'
import type { Answer, Exchange, ScriptedRequest } from './exchange.ts'
import type { Steps } from './steps.ts'
import { textsOf } from './texts-of.ts'

/** After this what is held back counts as held back for good. */
const STEP_WITHIN_MS = 5_000

export async function sendHttp1(
  url: string,
  { name, request: script = {} }: Exchange,
  { connections, timeoutMs, steps }: SendOptions,
): Promise<Answer> {
  const call = new Call(steps)
  const { answer, take, end, fail } = call
  const request = httpRequest(
    `${url}/${name}${script.path ?? ''}`,
    {
      method: script.method ?? (script.body === undefined ? 'GET' : 'POST'),
      agent: script.leaves === undefined ? connections.agent : false,
      headers: headersOf(script, new URL(url).host),
      signal: AbortSignal.timeout(timeoutMs),
    },
    (response) => {
      answer.status = response.statusCode ?? 0
      answer.headers = textsOf(response.headers)
      response.on('data', take)
      response.once('end', () => {
        answer.trailers = textsOf(response.trailers)
        end()
      })
      response.once('error', fail)
      response.once('close', end)
    },
  )
  request.on('information', ({ statusCode }) => answer.informational.push(statusCode))
  request.once('error', fail)
  await write(request, script, steps)
  return await call.result()
}

async function write(request: ClientRequest, script: ScriptedRequest, steps: Steps): Promise<void> {
  const pieces = script.body === undefined ? [] : [script.body].flat()
  let written = 0
  for (const piece of pieces) {
    if (script.stepwise && !(await steps.until('request', written, STEP_WITHIN_MS)))
      return void request.destroy(new Error('What was sent did not arrive while more was to come'))
    written += Buffer.byteLength(piece)
    // @note Node writes headers in the encoding of a first piece that is a text.
    request.write(Buffer.from(piece))
  }
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
