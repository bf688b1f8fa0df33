import { request as httpRequest } from 'node:http'
import type { CapturedEvent } from '#mock-moesif/index.ts'
import type { GatewayListener } from '#specs/support/gateway.ts'

/**
 * Sends a request with these headers, and gives its event.
 *
 * @note node:http rather than fetch: it sends repeated headers and leaves their case alone.
 */
export async function eventWithHeaders(
  { url, application }: GatewayListener,
  headers: Record<string, string | string[]>,
): Promise<CapturedEvent> {
  const marker = crypto.randomUUID()
  await new Promise<void>((resolve, reject) => {
    httpRequest(`${url}/echo`, { headers: { ...headers, 'x-marker': marker } }, (response) =>
      response.resume().once('end', resolve),
    )
      .once('error', reject)
      .end()
  })
  const [captured] = await application.awaitEvents({ where: `header.x-marker:${marker}` })
  return captured!
}
