import { inspect } from 'node:util'
import { expect, test } from 'vitest'
import { compileFilter } from '#sandbox/emulator/compile-filter.ts'
import { HostCallCounts } from '#sandbox/emulator/host/host-call-counts.ts'
import { Metrics } from '#sandbox/emulator/host/metrics.ts'
import { Emulator, HeaderMap } from '#sandbox/emulator/index.ts'
import '#sandbox/emulator/matchers/index.ts'

const scripted = await compileFilter('sandbox/emulator/fixtures/scripted/filter.ts')
const emulator = await Emulator.load(scripted)
emulator.configure(
  'request_headers add 0 x-added 1;request_headers add 0 x-added 2;request_headers call auth',
)
const exchange = emulator.worker(0).exchange({
  request: { method: 'POST', body: 'abc' },
  response: { status: 200, body: 'abc' },
})

/** As JavaScript sees it. */
const untyped = (received: unknown) => expect(received).not as any

/** What an expectation says where it does not hold. */
function failure(expectation: () => void): string {
  try {
    expectation()
  } catch (error) {
    return (error as Error).message
  }
  return 'It held.'
}

const ofExchanges = [
  ['toReachUpstream', []],
  ['toBeAnswered', [200]],
  ['toBeAnsweredByFilter', [200]],
  ['toBeHeldAt', ['request']],
] as const
const ofEmulators = [
  ['toHaveTrapped', []],
  ['toHaveLogged', ['a']],
  ['toHaveCalled', ['auth']],
] as const

test.each(ofExchanges)('%s takes exchanges only, also under not', (matcher, values) => {
  for (const other of [emulator, 'text', {}, null, undefined, [exchange]]) {
    for (const assertion of [expect(other), expect(other).not]) {
      const run = () => (assertion[matcher] as (...all: unknown[]) => void)(...values)
      expect(run, String(other)).toThrow(`${matcher} takes an exchange, as worker(0).exchange(…) `)
    }
  }
})

test.each(ofEmulators)('%s takes emulators only, also under not', (matcher, values) => {
  for (const other of [exchange, 'text', {}, null, undefined, Promise.resolve(emulator)]) {
    for (const assertion of [expect(other), expect(other).not]) {
      const run = () => (assertion[matcher] as (...all: unknown[]) => void)(...values)
      expect(run, String(other)).toThrow(`${matcher} takes an emulator, as Emulator.load(…) `)
    }
  }
})

test('what a matcher can not compare is an error, also under not', () => {
  for (const [run, message] of [
    [() => untyped(exchange).toBeAnswered('200'), 'has to be a whole number from 100, not "200"'],
    [() => untyped(exchange).toBeAnsweredByFilter(), 'has to be a whole number from 100'],
    [() => untyped(exchange).toBeAnswered(200, { header: {} }), 'headers and body, not "header"'],
    [() => untyped(exchange).toBeAnswered(200, 'abc'), 'expects an object, not the text "abc"'],
    [() => untyped(exchange).toReachUpstream({ body: 1 }), 'a text or a RegExp, not a number'],
    [() => untyped(exchange).toReachUpstream({ headers: { a: 1 } }), 'The header a of toReach'],
    [
      () => untyped(exchange).toBeHeldAt('upstream'),
      'one of "request", "response", not "upstream"',
    ],
    [() => untyped(emulator).toHaveLogged('a', 'warning'), '"critical", not "warning"'],
    [() => untyped(emulator).toHaveLogged(), 'has to be a text or a RegExp, not undefined'],
    [() => untyped(emulator).toHaveCalled(), 'the name of a cluster, not undefined'],
    [() => untyped(emulator).toHaveCalled('auth', { url: '/' }), 'path and body, not "url"'],
  ] as const) {
    expect(run, message).toThrow(message)
  }
})

test('a header that is there twice is expected as an array, or joined by a comma', () => {
  expect(exchange).toReachUpstream({ headers: { 'X-Added': ['1', /2/] } })
  expect(exchange).toReachUpstream({ headers: { 'x-added': '1,2' } })
  for (const other of ['1', ['1'], ['2', '1'], ['1', '2', '3'], null]) {
    expect(exchange).not.toReachUpstream({ headers: { 'x-added': other } })
  }
  expect(exchange).toReachUpstream({ headers: { 'x-absent': [], 'X-None': null } })
  expect(exchange).not.toReachUpstream({ headers: { 'x-absent': '' } })
})

test('a global RegExp matches each time', () => {
  const body = /b/g
  for (let time = 0; time < 2; time++) expect(exchange).toBeAnswered(200, { body })
})

test('a failure names what was expected, and what differs', () => {
  expect(failure(() => expect(exchange).toBeAnswered(201, { body: 'abd' }))).toMatch(
    /^Expected the client to get 201 with body "abd"\.\nstatus: expected 201, got 200\nbody: expected "abd", got "abc"\nupstream: :authority: /,
  )
  const headers = { 'x-added': ['1'], ':path': /^\/x/, ':method': null, 'x-absent': '1' }
  const message = failure(() => expect(exchange).toReachUpstream({ headers }))
  expect(message.split('\n')).toEqual([
    'Expected the request to reach the upstream with header x-added ["1"] and header :path /^\\/x/ and no header :method and header x-absent "1".',
    'header x-added: expected ["1"], got ["1", "2"]',
    'header :path: expected /^\\/x/, got "/"',
    'header :method: expected none, got "POST"',
    'header x-absent: expected "1", got none',
    expect.stringContaining('x-added: 1, x-added: 2'),
    expect.stringContaining('client: :status: 200'),
    'over: response',
  ])
  expect(failure(() => expect(exchange).not.toBeAnswered(200, { body: 'abc' }))).toMatch(
    /^Expected not the client to get 200 with body "abc"\.\nupstream/,
  )
  expect(failure(() => expect(exchange).toBeAnsweredByFilter(200))).toContain(
    'Expected a filter to answer 200.\nNo filter answered: the upstream did.\n',
  )
  expect(failure(() => expect(exchange).toBeHeldAt('response'))).toContain(
    'Expected a filter to hold the response.\nIt is not held.\n',
  )
  expect(failure(() => expect(emulator).toHaveCalled('auth', { path: '/x', body: 'b' }))).toMatch(
    /^Expected a call to auth with path "\/x" with body "b"\.\nCalled:\nauth GET \/called, body "", answered$/,
  )
})

/** Of the filter that does these steps, with a body that is more than it may hold. */
const answerTo = (script: string) =>
  emulator.worker(0).exchange({
    request: { method: 'POST', headers: { 'x-script': script }, body: 'abc' },
    bufferLimit: 1,
  })

test("an answer of Envoy's in the place of a filter is none by the filter", () => {
  expect(answerTo('request_headers reply 403')).toBeAnsweredByFilter(403)
  const held = answerTo('request_body return 1')
  expect(held).toBeAnswered(413)
  expect(held).not.toBeAnsweredByFilter(413)
  const trapped = answerTo('request_headers trap')
  expect(trapped).toBeAnswered(503)
  expect(failure(() => expect(trapped).toBeAnsweredByFilter(503))).toContain(
    'No filter answered: Envoy did in its place (wasm_fail_stream).\n',
  )
})

test('headers, metrics and counts show what they hold, to console.log and to a difference', () => {
  const headers = HeaderMap.from({ ':status': '200', 'x-added': ['1', 'ä'] })
  const metrics = new Metrics()
  metrics.define(0, 'requests').value = 2n
  const counts = new HostCallCounts()
  counts.of('proxy_log').calls = 1

  expect(inspect({ headers, metrics, counts }, { depth: 4, breakLength: Infinity })).toBe(
    "{ headers: HeaderMap [ [ ':status', '200' ], [ 'x-added', '1' ], [ 'x-added', 'ä' ] ], " +
      'metrics: Metrics { requests: 2 }, counts: HostCallCounts { proxy_log: { calls: 1, bytes: 0 } } }',
  )
  // What vitest prints, unless it has to copy the object, which loses its members.
  for (const value of [headers, metrics, counts]) {
    expect(Object.prototype.toString.call(value)).toBe(`[object ${value.constructor.name}]`)
  }
  expect(JSON.stringify([headers, metrics, counts])).toBe(
    '[[[":status","200"],["x-added","1"],["x-added","ä"]],{"requests":2},{"proxy_log":{"calls":1,"bytes":0}}]',
  )
  expect(headers).toEqual(headers.copy())
  expect(headers).not.toEqual(headers.copy().set('x-added', '1'))
})
