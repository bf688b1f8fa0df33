import * as fc from 'fast-check'
import type { ExchangeScript, HeaderInput } from '#sandbox/emulator/index.ts'

/** Any bytes that Envoy lets through in a header value: none below a space but the tab, no DEL. */
const valueBytes = fc
  .uint8Array({ maxLength: 60 })
  .map((bytes) => bytes.map((byte) => (byte < 0x20 || byte === 0x7f ? 0x20 + (byte & 0x1f) : byte)))

const value = fc.oneof(
  { weight: 4, arbitrary: fc.string({ maxLength: 30 }) },
  { weight: 4, arbitrary: valueBytes },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 8 }) },
  {
    weight: 1,
    arbitrary: fc.integer({ min: 1000, max: 70_000 }).map((length) => 'v'.repeat(length)),
  },
)

const knownNames = fc.constantFrom(
  'content-type',
  'content-length',
  'content-encoding',
  'cookie',
  'set-cookie',
  'authorization',
  'x-user-id',
  'x-company-id',
  'x-forwarded-for',
  'x-forwarded-proto',
  'x-request-id',
  'x-real-ip',
  'traceparent',
  'forwarded',
  '__proto__',
)

const token = fc.stringMatching(/^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,20}$/)

const name = fc.oneof(knownNames, token, fc.constantFrom('', 'n'.repeat(300)))

const contentTypes = fc.constantFrom(
  'application/json',
  'application/problem+json; charset=utf-8',
  'text/plain',
  'application/grpc',
  'application/x-www-form-urlencoded',
)

export const headers: fc.Arbitrary<HeaderInput> = fc.oneof(
  { weight: 9, arbitrary: fc.array(fc.tuple(name, value), { maxLength: 12 }) },
  {
    weight: 1,
    arbitrary: fc.array(fc.tuple(name, fc.string()), { minLength: 190, maxLength: 210 }),
  },
)

const jsonText = fc.oneof(
  fc.json(),
  fc.json().map((text) => `\uFEFF ${text}\n`),
  fc.json().map((text) => text.slice(0, -1)),
  fc.integer({ min: 1, max: 3000 }).map((depth) => '['.repeat(depth) + ']'.repeat(depth)),
  fc.string().map((text) => JSON.stringify({ text })),
  fc.constantFrom('1e999', '-0', '"\\ud800"', '{"a":1,"a":2}', '01', 'nul', '', ' '),
)

/** Bytes, or text that is JSON or nearly so, cut into chunks anywhere. */
export const chunks: fc.Arbitrary<Uint8Array[]> = fc
  .tuple(
    fc.oneof(
      fc.uint8Array({ maxLength: 300 }),
      jsonText.map((text) => Buffer.from(text)),
      fc.integer({ min: 90_000, max: 120_000 }).map((length) => Buffer.alloc(length, 'x')),
    ),
    fc.array(fc.nat({ max: 400 }), { maxLength: 6 }),
  )
  .map(([bytes, cuts]) => {
    const ends = [...cuts.map((cut) => Math.min(cut, bytes.length)), bytes.length].sort(
      (a, b) => a - b,
    )
    return ends.map((end, index) => bytes.subarray(ends[index - 1] ?? 0, end))
  })

type Pairs = [string, string | Uint8Array][]
const isPairs = (list: HeaderInput): list is Pairs => Array.isArray(list)

const withType = (side: fc.Arbitrary<HeaderInput>) =>
  fc
    .tuple(side, fc.option(contentTypes))
    .map(([list, type]): HeaderInput =>
      isPairs(list) && type !== null ? ([['content-type', type]] as Pairs).concat(list) : list,
    )

const body = fc.option(chunks, { nil: undefined, freq: 4 })
const trailers = fc.option(headers, { nil: undefined, freq: 2 })

/** Without the keys whose value is undefined, as exact optional properties want. */
const sparse = <T extends object>(model: Partial<Record<keyof T, fc.Arbitrary<unknown>>>) =>
  fc
    .record(model as Record<string, fc.Arbitrary<unknown>>)
    .map((record) =>
      Object.fromEntries(Object.entries(record).filter(([, entry]) => entry !== undefined)),
    ) as fc.Arbitrary<unknown> as fc.Arbitrary<T>

/** @note `fc.webPath` makes a table of every code point when it is called, for seconds. */
const webPath = fc
  .array(fc.stringMatching(/^([\w.~!$&'()*+,;=:@-]|%[\dA-F]{2}){0,20}$/), { maxLength: 5 })
  .map((segments) => `/${segments.join('/')}`)

const request = sparse<NonNullable<ExchangeScript['request']>>({
  method: fc.oneof(fc.constantFrom('GET', 'POST', 'HEAD', 'CONNECT', 'purge'), token),
  path: fc.oneof(
    webPath,
    fc.string({ maxLength: 60 }),
    fc.constantFrom('*', '', 'example.com:443', '/a?b=c&d=%zz#e', '/é'),
  ),
  authority: fc.oneof(fc.domain(), fc.string({ maxLength: 20 }), fc.constantFrom('[::1]:80', '')),
  scheme: fc.constantFrom('http', 'https', '', 'ftp'),
  headers: withType(headers),
  body,
  trailers,
  unfinished: fc.option(fc.boolean(), { nil: undefined }),
})

const response = sparse<NonNullable<ExchangeScript['response']>>({
  status: fc.oneof(fc.integer({ min: 100, max: 599 }), fc.constantFrom(0, 999)),
  headers: withType(headers),
  body,
  trailers,
  unfinished: fc.option(fc.boolean(), { nil: undefined }),
  localReply: fc.option(fc.constantFrom('while-decoding', 'by-router'), { nil: undefined }),
})

const property = fc.oneof(
  fc.constant(null),
  fc.uint8Array({ maxLength: 20 }),
  fc.string(),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
)

const properties = fc.dictionary(
  fc.constantFrom(
    'request.time',
    'request.duration',
    'request.protocol',
    'response.code',
    'response.code_details',
    'response.flags',
    'response.grpc_status',
    'source.address',
    'xds.route_name',
    'xds.cluster_name',
    'xds.listener_direction',
  ),
  property,
  { maxKeys: 4 },
)

/** Any exchange at all, likely and unlikely. */
export const exchange = sparse<ExchangeScript>({
  request,
  response: fc.option(response, { nil: null, freq: 8 }),
  protocol: fc.constantFrom('HTTP/1.1', 'HTTP/2', 'HTTP/3'),
  durationMs: fc.option(fc.nat({ max: 5000 }), { nil: undefined, freq: 2 }),
  refusedBeforeFilter: fc.option(fc.boolean(), { nil: undefined, freq: 1 }),
  properties: fc.option(properties, { nil: undefined, freq: 1 }),
})

/** How often a property is tried: multiplied by `FUZZ`, e.g. `FUZZ=50 npx vitest run --project plugin fuzz`. */
export const numRuns = (usual: number): number =>
  Math.ceil(usual * Number(process.env['FUZZ'] ?? 1))
