import type { Outcome, Received } from './host-case.ts'

/** Headers that differ from run to run, or that only Node's client or server adds. */
const unstable = new Set([
  'date',
  'x-request-id',
  'x-envoy-upstream-service-time',
  'server',
  'x-script',
  // Of HTTP/1.1 alone.
  'connection',
  'transfer-encoding',
])

/** An outcome without what cannot be equal: times, ids, and whether the beginning of a request got through before its end. */
export function comparableOutcome({ log, upstream, client, next }: Outcome): Outcome {
  return {
    log: log.map(stable),
    upstream: upstream?.complete ? withoutUnstable(upstream) : null,
    client: withoutUnstable(client),
    ...(next !== undefined && { next: withoutUnstable(next) }),
  }
}

const stable = (line: string): string =>
  line
    .replaceAll(/ (date|x-request-id|x-envoy-upstream-service-time)=.*?(?= [\w:-]+=|$)/g, '')
    .replaceAll(/(property upstream\.(?:port|local_address) -> 0 ).+/g, '$1some')
    .replaceAll(/(request\.duration -> 0 )\d+/g, '$1some')
    .replaceAll(/^(root_\w+|vm_start .*|configure .*)$/g, '')

function withoutUnstable(message: Received | null): Received | null {
  if (!message) return null
  const kept = Object.entries(message.headers).filter(([name]) => !unstable.has(name))
  const joined = kept.map(([name, value]) => [name, value.replaceAll(', ', ',')])
  return { ...message, headers: Object.fromEntries(joined) as Record<string, string> }
}
