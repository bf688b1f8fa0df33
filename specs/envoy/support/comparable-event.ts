type Json = Record<string, unknown>

/** Headers whose value no two runs share. */
const volatileHeaders = ['x-request-id', 'x-envoy-upstream-service-time', 'date']

/**
 * An event with what differs from run to run replaced by its shape: times, ids, the addresses of the client
 * and of the listener (a container sees others). Everything else has to be equal.
 */
export function comparable(event: unknown): Json {
  const copy = structuredClone(event) as Json
  const { metadata } = copy as { metadata?: Json }
  copy['transaction_id'] = shape(copy['transaction_id'])
  if (metadata?.['request_id']) metadata['request_id'] = shape(metadata['request_id'])
  for (const side of ['request', 'response']) {
    const message = copy[side] as Json | undefined
    if (!message) continue
    message['time'] = shape(message['time'])
    const headers = message['headers'] as Json
    for (const name of volatileHeaders) if (headers[name]) headers[name] = shape(headers[name])
  }
  const request = copy['request'] as Json
  if (isPrivate(request['ip_address'])) request['ip_address'] = 'the client'
  request['uri'] = String(request['uri']).replace(listenerAddress, '$1the-listener/')
  return copy
}

/** Digits and hexadecimal letters alike: `2026-01-02` and `2031-12-24` have one shape. */
function shape(value: unknown): string {
  return `${typeof value}: ${String(value)}`
    .replaceAll(/[A-Z][a-z]{2}/g, 'Www')
    .replaceAll(/[0-9a-f]+/g, 'x')
}

/** Stands in a URI where the client named no host. */
const listenerAddress = /^(https?:\/\/)\d+\.\d+\.\d+\.\d+:\d+\//

const isPrivate = (address: unknown): boolean => /^(127|10|172|192)\./.test(String(address))
