import { request, type IncomingHttpHeaders } from 'node:http'
import { text } from 'node:stream/consumers'

interface HttpAnswer {
  status: number | undefined
  headers: IncomingHttpHeaders
  body: string
}

/** One GET with headers that `fetch` refuses to send, such as Host. */
export async function httpCall(
  url: string,
  headers: Record<string, string> = {},
): Promise<HttpAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<HttpAnswer>()
  request(url, { headers, agent: false }, (response) => {
    const { statusCode: status, headers: received } = response
    text(response).then((body) => resolve({ status, headers: received, body }), reject)
  })
    .on('error', reject)
    .end()
  return await promise
}
