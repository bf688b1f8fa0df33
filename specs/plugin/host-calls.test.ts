import { expect, test } from 'vitest'
import type { ExchangeScript } from '#sandbox/emulated-plugin/index.ts'
import { startWith, when, type Documents } from './support/documents.ts'
import { startPlugin } from './support/plugin-under-test.ts'

/** Nothing that is looked at for one exchange in so many makes a difference between two series of them. */
const SERIES = 64

const get: ExchangeScript = {
  request: { path: '/a' },
  response: { status: 200, headers: { 'x-envoy-upstream-service-time': '3' } },
}
const post: ExchangeScript = {
  request: { method: 'POST', body: ['a', 'bc'], headers: { 'x-user': 'ann', 'x-company': 'c' } },
  response: { status: 200, body: ['d', 'ef'], headers: get.response!.headers! },
}
const refused: ExchangeScript = { request: { path: '/a' }, response: { status: 503 } }

const WITHOUT_BODIES = { request_max_body_size_limit: 0, response_max_body_size_limit: 0 }
const SOURCES = {
  user_id_header: undefined,
  company_id_header: undefined,
  user_id_sources: ['filter_state:user'],
  company_id_sources: ['filter_state:company'],
  session_token_sources: ['filter_state:session'],
  client_ip_sources: ['peer'],
}

const GOVERNING: Documents = {
  config: { user_sample_rate: { ann: 100 }, company_sample_rate: { c: 100 } },
  rules: [
    { _id: 'u', type: 'user', regex_config: when('request.route', '^/b$') },
    { _id: 'c', type: 'company', regex_config: when('request.ip_address', '^9') },
    { _id: 'b', type: 'company', regex_config: when('request.body.kind', '^9') },
  ],
}

/** Calls of a series: properties and chunks of bodies. Headers and the clock are read twice in each exchange. */
const cases: [
  name: string,
  start: () => ReturnType<typeof startPlugin>,
  script: ExchangeScript,
  properties: number,
  chunks: number,
][] = [
  // The client's address and the cluster; of one in 16 the route and the start; once the protocol and the direction.
  ['a GET', () => startPlugin(), get, 64 * 2 + 4 * 2 + 2, 0],
  ['a POST', () => startPlugin(), post, 64 * 2 + 4 * 2 + 2, 64 * 4],
  ['a POST without bodies', () => startPlugin(WITHOUT_BODIES), post, 64 * 2 + 4 * 2 + 2, 0],
  // Its details and flags, too.
  ['an error', () => startPlugin(), refused, 64 * 4 + 4 * 2 + 2, 0],
  // The direction instead of the cluster, and no route.
  ['a GET without metadata', () => startPlugin({ disable_metadata: true }), get, 64 * 2 + 4 + 1, 0],
  ['attributes', () => startPlugin(SOURCES), get, 64 * 5 + 4 * 2 + 2, 0],
  ['governance', () => startWith(GOVERNING), post, 64 + 4 * 2 + 2, 64 * 4],
  // Address, user and company for the request, and again when the exchange is over.
  ['governed attributes', () => startWith(GOVERNING, SOURCES), post, 64 * 7 + 4 * 2 + 2, 64 * 4],
]

test.each(cases)(
  'of %s the host is asked for nothing twice',
  async (_, start, script, properties, chunks) => {
    const emulator = await start()
    const worker = emulator.worker(0)
    for (let i = 0; i < SERIES; i++) worker.exchange(script)
    emulator.advance(10_000)
    emulator.hostCalls.reset()
    for (let i = 0; i < SERIES; i++) worker.exchange(script)

    const of = (name: string) => emulator.hostCalls.of(`proxy_${name}`).calls
    expect([of('get_property'), of('get_buffer_bytes')]).toEqual([properties, chunks])
    expect([of('get_header_map_pairs'), of('get_current_time_nanoseconds')]).toEqual([128, 128])
    // The age of a batch is by another clock.
    expect(emulator.hostCalls.total.calls).toBe(properties + chunks + 256 + 1)
  },
)
