import { expect, test } from 'vitest'
import type { ExchangeScript } from '#sandbox/emulated-plugin/index.ts'
import { startWith, when } from './support/documents.ts'
import { eventsOf, startPlugin } from './support/plugin-under-test.ts'

interface Condition {
  path: string
  value: string
}
const group = (...conditions: Condition[]) => ({ conditions })
const HEALTH = group({ path: 'request.route', value: '^/health' })

/** Paths of the exchanges that have an event, and the counts. */
async function captured(skip: unknown, scripts: ExchangeScript[], options: object = {}) {
  const emulator = await startPlugin({ skip, ...options })
  for (const script of scripts) emulator.worker(0).exchange(script)
  const events = eventsOf(emulator)
  emulator.advance(3000)
  return {
    paths: events.map(({ request }) => new URL(request.uri).pathname),
    skipped: emulator.metrics.get('moesif_exchanges_skipped_total'),
    captured: emulator.metrics.get('moesif_events_captured_total'),
  }
}

const get = (path: string, headers = {}, status = 200): ExchangeScript => ({
  request: { path, headers },
  response: { status },
})

test('an exchange that meets a group of conditions has no event, and is counted', async () => {
  expect(await captured([HEALTH], [get('/health?x=1'), get('/a'), get('/healthz')])).toEqual({
    paths: ['/a'],
    skipped: 2,
    captured: 1,
  })
})

test('all conditions of a group have to be met, of the groups one', async () => {
  const skip = [
    group(
      { path: 'request.headers.User-Agent', value: '^kube-probe' },
      { path: 'response.status', value: '^2' },
    ),
    group({ path: 'request.verb', value: '^OPTIONS$' }),
  ]
  const probe = { 'user-agent': 'kube-probe/1.30' }

  expect(
    await captured(skip, [
      get('/ok', probe),
      get('/fails', probe, 503),
      get('/other', {}, 200),
      {
        request: {
          path: '/o',
          method: 'OPTIONS',
          headers: { 'access-control-request-method': 'GET' },
        },
      },
    ]),
  ).toMatchObject({ paths: ['/fails', '/other'], skipped: 2 })
})

test('a skip decided by the request costs no body and no further host call', async () => {
  const emulator = await startPlugin({ skip: [HEALTH] })
  emulator.worker(0).exchange(get('/a'))
  const before = emulator.hostCalls.of('proxy_get_buffer_bytes').calls

  emulator.worker(0).exchange({
    request: { path: '/health', method: 'POST', body: 'body' },
    response: { body: 'answer' },
  })

  expect(emulator.hostCalls.of('proxy_get_buffer_bytes').calls).toBe(before)
})

test('a request that the filter was never shown is skipped at its end', async () => {
  const { paths, skipped } = await captured(
    [HEALTH],
    [
      { ...get('/health'), refusedBeforeFilter: true },
      { ...get('/a'), refusedBeforeFilter: true },
    ],
  )

  expect([paths, skipped]).toEqual([['/a'], 1])
})

test('rules apply to what is skipped', async () => {
  const emulator = await startWith(
    {
      rules: [
        {
          _id: 'gone',
          type: 'regex',
          block: true,
          regex_config: when('request.route', '^/health'),
          response: { status: 410, body: 'gone' },
        },
      ],
    },
    { skip: [HEALTH] },
  )

  const { localReply } = emulator.worker(0).exchange(get('/health'))

  expect(localReply?.status).toBe(410)
  expect(eventsOf(emulator)).toEqual([])
})

test('an empty list skips nothing, nor does null', async () => {
  for (const skip of [[], null]) {
    expect(await captured(skip, [get('/health')])).toMatchObject({ paths: ['/health'] })
  }
})

test.each<[skip: unknown, words: string]>([
  ['^/health', 'expected a list as [{"conditions"'],
  [['x'], 'has no conditions at: "x", expected a list as'],
  [[{}], 'has a group without conditions, expected a list as'],
  [
    [group({ path: 'request.uri', value: 'x' })],
    'has a path that no condition has: request.uri, expected request.verb',
  ],
  [
    [group({ path: 'request.body.a', value: 'x' })],
    'has a condition on the request body, expected request.verb',
  ],
  [
    [group({ path: 'request.route', value: 'a(' })],
    'has a value that is not a regular expression: a(, at its character 2: a group is not closed.',
  ],
])('%j turns capturing off, and why', async (skip, words) => {
  const emulator = await startPlugin({ skip })
  emulator.worker(0).exchange(get('/a'))

  expect(eventsOf(emulator)).toEqual([])
  expect(emulator.metrics.get('moesif_configuration_invalid')).toBe(1)
  const errors = emulator.logs.messages('error')
  expect(errors).toEqual([expect.stringContaining(words)])
  expect(errors[0]).toMatch(/[^.]\.$/)
})
