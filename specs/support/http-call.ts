import { request } from 'node:http'
import { text } from 'node:stream/consumers'

/** One GET with headers that `fetch` refuses to send, such as Host. */
export async function httpCall(
  url: string,
  headers: Record<string, string> = {},
): Promise<{ status: number | undefined; body: string }> {
  const { promise, resolve, reject } = Promise.withResolvers<{
    status: number | undefined
    body: string
  }>()
  request(url, { headers, agent: false }, (response) => {
    text(response).then((body) => resolve({ status: response.statusCode, body }), reject)
  })
    .on('error', reject)
    .end()
  return await promise
}
