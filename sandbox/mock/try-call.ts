import { createHash } from 'node:crypto'
import type { ExchangeScript } from '#sandbox/emulated-plugin/index.ts'
import type { ServedDocuments, TryAnswer, TrySpec } from '#mock-moesif/model/try-it.ts'
import { loadPlugin } from './load-plugin.ts'

const USER_HEADER = 'x-moesif-try-user-id'
const COMPANY_HEADER = 'x-moesif-try-company-id'
/** Envoy sets these last, whatever a rule says. */
const ENVOYS_HEADERS = new Set(['date', 'server'])
const SERVICE_TIME = 'x-envoy-upstream-service-time'
/** Longer than the spread of the first fetch. */
const FIRST_FETCH_MS = 6000
/** Longer than any age of a batch. */
const BATCH_WAIT_MS = 60_000

/**
 * Runs one call through the plugin's own module in the emulator, with these documents: the answer is that of a gateway.
 * @throws PluginNotBuilt
 */
export async function tryCall(documents: ServedDocuments, spec: TrySpec): Promise<TryAnswer> {
  const emulator = await loadPlugin({ now: Date.now() })
  emulator.collector.answerFetches(({ headers }) => answerOf(documents, headers))
  emulator.configure({
    moesif_application_id: 'try-it',
    enable_governance: true,
    user_id_header: USER_HEADER,
    company_id_header: COMPANY_HEADER,
    ...spec.options,
  })
  emulator.advance(FIRST_FETCH_MS)
  const exchange = emulator.worker(0).exchange(scriptOf(spec))
  emulator.advance(BATCH_WAIT_MS)

  const [event = null] = emulator.collector.events() as Record<string, unknown>[]
  const { response } = exchange
  return {
    blockedBy: (event?.['blocked_by'] as string | undefined) ?? blockedByReply(exchange.localReply),
    reachedUpstream: exchange.upstreamRequest !== null,
    marks: exchange.localReply ? [] : marksIn(response?.headers ?? []),
    kept: event !== null,
    response: {
      status: Number(response?.headers.text(':status') ?? 0),
      headers: headersOf(response?.headers ?? []),
      body: Buffer.from(response?.body ?? []).toString(),
    },
    event: event && withoutOwnHeaders(event),
    // Each thread reads the documents, and logs its findings.
    messages: [...new Set(emulator.logs.messages())],
  }
}

/** A refused call that sampling drops has no event that names the rule. */
function blockedByReply(reply: { details: string } | null): string | null {
  return reply === null ? null : reply.details
}

function answerOf(documents: ServedDocuments, headers: Record<string, string>) {
  const isConfig = headers[':path']?.endsWith('/v1/config') === true
  const body = isConfig ? documents.config : documents.rules
  const tag = createHash('sha256').update(body).digest('hex').slice(0, 16)
  const name = isConfig ? 'x-moesif-config-etag' : 'x-moesif-rules-tag'
  return { status: 200, headers: { [name]: tag }, body }
}

function scriptOf(spec: TrySpec): ExchangeScript {
  const url = URL.parse(spec.uri ?? '/', 'http://gateway.example')
  const body = bytesOf(spec)
  return {
    request: {
      method: spec.verb ?? 'GET',
      path: url ? url.pathname + url.search : '/',
      authority: url?.host ?? 'gateway.example',
      scheme: url?.protocol === 'https:' ? 'https' : 'http',
      headers: {
        ...withoutPseudoHeaders(spec.headers ?? {}),
        ...(spec.userId && { [USER_HEADER]: spec.userId }),
        ...(spec.companyId && { [COMPANY_HEADER]: spec.companyId }),
      },
      ...(body && { body }),
    },
    response: { status: spec.upstreamStatus ?? 200 },
    ...(spec.ipAddress && { properties: { 'source.address': `${spec.ipAddress}:50000` } }),
  }
}

function bytesOf({ body, bodyIsBase64 }: TrySpec): Uint8Array | undefined {
  if (body === undefined || body === null) return undefined
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  return Buffer.from(text, bodyIsBase64 === true ? 'base64' : 'utf8')
}

function withoutPseudoHeaders(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers)
      .map(([name, value]): [string, string] => [name.toLowerCase(), value])
      .filter(([name]) => !name.startsWith(':') && name !== 'host'),
  )
}

function headersOf(headers: Iterable<[string, Uint8Array]>): Record<string, string> {
  const texts: Record<string, string> = {}
  for (const [name, value] of headers)
    if (!name.startsWith(':')) texts[name] = Buffer.from(value).toString()
  return texts
}

/** The scripted upstream sends no header: those that Envoy does not add are set by rules. */
function marksIn(headers: Iterable<[string, Uint8Array]>): string[] {
  return Object.entries(headersOf(headers))
    .filter(
      ([name, value]) => !ENVOYS_HEADERS.has(name) && !(name === SERVICE_TIME && value === '0'),
    )
    .map(([name]) => name)
}

/** Removes the headers by which user and company were passed to the plugin. */
function withoutOwnHeaders(event: Record<string, unknown>): Record<string, unknown> {
  const request = event['request'] as { headers: Record<string, string> }
  const headers = Object.fromEntries(
    Object.entries(request.headers).filter(
      ([name]) => name !== USER_HEADER && name !== COMPANY_HEADER,
    ),
  )
  return { ...event, request: { ...request, headers } }
}
