import { request as httpRequest } from 'node:http'
import { Call, type SendOptions } from './call.ts'
import type { Answer, Exchange } from './exchange.ts'
import { textsOf } from './texts-of.ts'

/** Opens one, sends the body, waits until as much has come back, and closes it. Frames are bytes like others to a gateway. */
export async function openWebSocket(
  url: string,
  { name, request: script = {} }: Exchange,
  { timeoutMs, steps }: SendOptions,
): Promise<Answer> {
  const call = new Call(steps)
  const { answer, take, end, fail } = call
  const sent = Buffer.concat([script.body ?? ''].flat().map((piece) => Buffer.from(piece)))
  const request = httpRequest(`${url}/${name}${script.path ?? ''}`, {
    agent: false,
    headers: {
      connection: 'Upgrade',
      upgrade: 'websocket',
      'sec-websocket-version': '13',
      'sec-websocket-key': Buffer.alloc(16, 'k').toString('base64'),
      ...Object.fromEntries(script.headers ?? []),
    },
    signal: AbortSignal.timeout(timeoutMs),
  })
  request.once('upgrade', (response, socket) => {
    answer.status = response.statusCode ?? 0
    answer.headers = textsOf(response.headers)
    let missing = sent.length
    socket.on('data', (chunk: Buffer) => {
      take(chunk)
      missing -= chunk.length
      if (missing <= 0) socket.end()
    })
    // The signal of the request ends with the upgrade.
    socket.setTimeout(timeoutMs, () => socket.destroy(new Error('Not all came back in time')))
    socket.once('error', fail)
    socket.once('close', end)
    socket.write(sent)
  })
  // It was refused.
  request.once('response', (response) => {
    answer.status = response.statusCode ?? 0
    response.resume().once('end', end)
  })
  request.once('error', fail)
  request.end()
  return await call.result()
}
