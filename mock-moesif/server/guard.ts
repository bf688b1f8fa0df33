import type { IncomingMessage } from 'node:http'
import { isIP } from 'node:net'

/** Why a request to the page or the test API is refused, or undefined when it may pass. */
export type Guard = (incoming: IncomingMessage) => string | undefined

/**
 * Refuses other origins: a page elsewhere can neither read nor change anything, not even
 * through a name that it points here (DNS rebinding). Addresses can't be rebound, so any of them may be the Host.
 */
export function createGuard(allowedHosts: readonly string[]): Guard {
  const allowed = new Set(['localhost', ...allowedHosts.map((host) => host.toLowerCase())])

  return (incoming) => {
    const { host = '', origin, 'sec-fetch-site': site } = incoming.headers
    const name = hostName(host)
    if (name === undefined || !(allowed.has(name) || name.endsWith('.localhost') || isIP(name)))
      return `Host "${host}" is not served here. If it is yours, start the mock with --allow-host ${name ?? 'NAME'}.`
    if (origin !== undefined && origin !== `http://${host}` && origin !== `https://${host}`)
      return `Origin ${origin} may not use this mock's pages or test API.`
    if ((site === 'cross-site' || site === 'same-site') && !isVisit(incoming))
      return 'Another site may not use this mock.'
    return undefined
  }
}

/** A link to the page may be followed from anywhere; a form that another site sends is a navigation, too, without an Origin. */
function isVisit({ method, url = '/', headers }: IncomingMessage): boolean {
  const reads = method === 'GET' || method === 'HEAD'
  return reads && headers['sec-fetch-mode'] === 'navigate' && !/^\/_mock(?:[/?#]|$)/.test(url)
}

function hostName(host: string): string | undefined {
  const match = /^(?:\[([0-9a-f:.]+)\]|([^:/?#@\s]+))(?::\d+)?$/i.exec(host)
  return (match?.[1] ?? match?.[2])?.toLowerCase()
}
