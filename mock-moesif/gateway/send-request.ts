import { randomUUID } from 'node:crypto'
import { request as httpRequest } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { performance } from 'node:perf_hooks'
import type { RequestToSend, SentRequest } from '../model/sent-request.ts'

const TIMEOUT_MS = 30_000
/** Bytes of the answer that are read; its event matters, not the answer. */
const MAX_ANSWER_BYTES = 10_000_000
/** Identifies the event of this request among all others. */
const MARK_HEADER = 'x-mock-moesif-send'
/** Made anew for each connection and message. */
const OWN_HEADERS = new Set(['connection', 'content-length', 'transfer-encoding', MARK_HEADER])

/** Sends a request to the gateway, its target and headers as they are. Rejects when there is no answer. */
export async function sendRequest(gatewayUrl: string, spec: RequestToSend): Promise<SentRequest> {
  const { protocol, hostname, port, host } = new URL(gatewayUrl)
  const body = spec.body === undefined ? undefined : Buffer.from(spec.body, 'base64')
  const mark = randomUUID()
  const given = spec.headers.filter(([name]) => !OWN_HEADERS.has(name.toLowerCase()))
  const hasHost = given.some(([name]) => name.toLowerCase() === 'host')
  const headers = [
    ...(hasHost ? [] : ['Host', host]),
    ...given.flat(),
    MARK_HEADER,
    mark,
    ...(body ? ['Content-Length', String(body.byteLength)] : []),
  ]
  const started = performance.now()
  const { promise, resolve, reject } = Promise.withResolvers<SentRequest>()
  const outgoing = (protocol === 'https:' ? httpsRequest : httpRequest)(
    {
      hostname: hostname.replace(/^\[|\]$/g, ''),
      port,
      method: spec.method,
      path: spec.target,
      headers,
      agent: false,
      signal: AbortSignal.timeout(TIMEOUT_MS),
    },
    (answer) => {
      let bodyBytes = 0
      const finish = () => {
        const durationMs = Math.round(performance.now() - started)
        resolve({ status: answer.statusCode ?? 0, durationMs, bodyBytes, mark })
      }
      answer.on('data', (chunk: Buffer) => {
        bodyBytes += chunk.byteLength
        if (bodyBytes <= MAX_ANSWER_BYTES) return
        finish()
        answer.destroy()
      })
      answer.on('end', finish)
      answer.on('error', reject)
    },
  )
  outgoing.on('error', reject)
  outgoing.end(body)
  return promise
}
