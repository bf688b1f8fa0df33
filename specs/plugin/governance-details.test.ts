import { expect, test } from 'vitest'
import type { MoesifEmulator } from '#sandbox/emulated-plugin/index.ts'
import { OutOfBounds } from '#sandbox/emulator/vm/memory.ts'
import { block, play, startWith, when, type Rule } from './support/documents.ts'
import { eventsOf } from './support/plugin-under-test.ts'

function metric(emulator: MoesifEmulator, name: string): number {
  emulator.advance(100)
  return emulator.metrics.get(`moesif_governance_${name}`) ?? NaN
}

const request = { ':method': 'POST', ':path': '/', ':authority': 'a', ':scheme': 'http' }

const json = { ...request, 'content-type': 'application/json' }

const ofBody = block({ _id: 'body', regex_config: when('request.body.a', '^bad$') })

/** What fills `{{v}}` and `{{w}}` for the user ann. */
async function filled(values: Record<string, unknown>): Promise<[string, string]> {
  const emulator = await startWith({
    config: JSON.stringify({ user_rules: { ann: [{ rules: 'r', values }] } }),
    rules: [
      {
        _id: 'r',
        type: 'user',
        variables: [{ name: 'v', path: '' }],
        response: { headers: { 'x-v': '{{v}}', 'x-w': '{{w}}' } },
      },
    ],
  })
  const { response } = play(emulator, { headers: { 'x-user': 'ann' } })
  return [response?.headers.text('x-v') ?? '', response?.headers.text('x-w') ?? '']
}

test('a value of 65,535 bytes is filled in, a longer one is left out, and what follows it is not', async () => {
  const longest = 'x'.repeat(65_535)

  expect(await filled({ v: longest, w: 'w' })).toEqual([longest, 'w'])
  expect(await filled({ v: `${longest}x`, w: 'w' })).toEqual(['UNKNOWN', 'w'])
  expect(await filled({ [longest]: '', v: 'v', [`${longest}x`]: '', w: 'w' })).toEqual(['v', 'w'])
  expect(await filled({ v: null, w: 7 })).toEqual(['UNKNOWN', '7'])
  expect(await filled({ v: [1, 'a'], w: true })).toEqual(['[1,"a"]', 'true'])
})

test('a value of a company is filled in, and one of a user is not for its rules', async () => {
  const response = { headers: { 'x-v': '{{v}}' } }
  const emulator = await startWith({
    config: {
      user_rules: { ann: [{ rules: 'c', values: { v: 'user' } }] },
      company_rules: { acme: [{ rules: 'c', values: { v: 'company' } }] },
    },
    rules: [{ _id: 'c', type: 'company', variables: [{ name: 'v', path: '' }], response }],
  })

  const headers = { 'x-user': 'ann', 'x-company': 'acme' }
  expect(play(emulator, { headers }).response?.headers.text('x-v')).toBe('company')
})

test('a template may be written with escapes', async () => {
  const body = String.raw`{"a":"\u007b\u007bv}}","b":"\u00e9"}`
  const emulator = await startWith({
    config: { user_rules: { ann: [{ rules: 'r', values: { v: '1' } }] } },
    rules: `[{"_id":"r","type":"user","block":true,"response":{"body":"first","status":403,"body":${body}}}]`,
  })
  const { localReply } = play(emulator, { headers: { 'x-user': 'ann' } })

  expect(JSON.parse(Buffer.from(localReply?.body ?? []).toString())).toEqual({ a: '1', b: 'é' })
})

/** Headers `x-FROM` to the one before `x-TO`. */
const numbered = (from: number, to: number) =>
  Object.fromEntries(Array.from({ length: to - from }, (_, i) => [`x-${from + i}`, 'y']))

const marking = (from: number, to: number): Rule => ({
  _id: `${from}`,
  type: 'regex',
  response: { headers: numbered(from, to) },
})

async function namesOfAnswer(...rules: Rule[]): Promise<string[]> {
  const { localReply } = play(await startWith({ rules }))
  return [...(localReply?.headers ?? [])].map(([name]) => String(name))
}

test('an answer has 200 headers at most: those of the first rules, then its content type', async () => {
  const response = { status: 403, headers: numbered(0, 100), body: 'b' }
  const blocks = block({ _id: 'b', response })

  expect(await namesOfAnswer(blocks, marking(100, 199))).toEqual([
    ...Object.keys(numbered(0, 199)),
    'content-type',
  ])
  const most = Object.keys(numbered(0, 200))
  expect(await namesOfAnswer(blocks, marking(100, 200))).toEqual(most)
  expect(await namesOfAnswer(blocks, marking(100, 201), marking(300, 301))).toEqual(most)
})

test('an answer of a mebibyte is given, a byte more lets the request pass', async () => {
  for (const [length, status] of [
    [1024 * 1024 - 2, 403],
    [1024 * 1024 - 1, undefined],
  ] as const) {
    const response = { status: 403, body: 'x'.repeat(length) }
    const emulator = await startWith({ rules: [block({ _id: 'r', response })] })

    expect(play(emulator).localReply?.status).toBe(status)
    expect(metric(emulator, 'failed_open_total')).toBe(status ? 0 : 1)
  }
})

test.each([
  [203, true],
  [204, false],
  [205, false],
  [206, true],
  [303, true],
  [304, false],
  [305, true],
])('an answer with the status %i has a body: %s', async (status, has) => {
  const emulator = await startWith({
    rules: [block({ _id: 'r', response: { status, body: 'b' } })],
  })

  expect(play(emulator).localReply?.body.length).toBe(has ? 3 : 0)
})

test.each([
  'connection',
  'content-length',
  'host',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
])('no rule sets the header %s', async (name) => {
  const response = { status: 403, headers: { [name.toUpperCase()]: 'x', 'x-kept': 'y' } }
  const emulator = await startWith({ rules: [block({ _id: 'r', response })] })

  expect([...(play(emulator).localReply?.headers ?? [])].map(([key]) => String(key))).toEqual([
    'x-kept',
  ])
  expect(emulator.logs.messages()).toEqual([
    `moesif: /v1/rules: rule "r" cannot set the header "${name}".`,
  ])
})

test('nothing is counted as passed unseen where requests and their bodies were seen', async () => {
  const emulator = await startWith({ rules: [ofBody] })
  const headers = { 'content-type': 'application/json' }
  play(emulator)
  play(emulator, { method: 'POST', headers, body: '{"a":"good"}' })
  play(emulator, { method: 'POST', headers, body: ['{"a":', '"bad"}'] })

  expect(metric(emulator, 'failed_open_total')).toBe(0)
  expect(metric(emulator, 'blocked_total')).toBe(1)
  expect(metric(emulator, 'marked_total')).toBe(0)
})

test('nor where there are sample rates only', async () => {
  const emulator = await startWith({ config: { sample_rate: 50 } }, { enable_governance: false })
  for (let i = 0; i < 5; i++) play(emulator)

  expect(metric(emulator, 'failed_open_total')).toBe(0)
})

test('a body that a rule has seen is in the event', async () => {
  const emulator = await startWith({ rules: [ofBody] })
  const headers = { 'content-type': 'application/json' }
  for (const a of ['good', 'bad'])
    play(emulator, { method: 'POST', headers, body: [`{"a":`, `"${a}"}`] })

  expect(eventsOf(emulator).map((event) => event.request.body)).toEqual([
    { a: 'good' },
    { a: 'bad' },
  ])
})

test('a body that the host does not show is counted, and its request passes', async () => {
  const emulator = await startWith({ rules: [ofBody] })
  const stream = emulator.worker(0).stream()
  stream.requestHeaders(json)

  expect(stream.vm.call('proxy_on_request_body', stream, stream.id, 10, 0)).toBe(0)
  expect(stream.requestBody('{"a":"bad"}', { endOfStream: true })).toBe(0)

  expect(metric(emulator, 'failed_open_total')).toBe(1)
})

test('a body for which there is no memory is counted, and its request passes', async () => {
  const emulator = await startWith({ rules: [ofBody] }, { request_max_body_size_limit: 1_000_000 })
  const others = Array.from({ length: 67 }, () => emulator.worker(0).stream())
  for (const other of others) {
    other.requestHeaders(request)
    other.requestBody(Buffer.alloc(1_000_000))
  }
  const stream = emulator.worker(0).stream()
  stream.requestHeaders(json)

  expect(stream.requestBody(Buffer.alloc(200_000, ' '))).toBe(0)
  expect(metric(emulator, 'failed_open_total')).toBe(1)
})

test('an upstream that answers before a body is complete is counted once, and marked', async () => {
  const mark = { _id: 'm', type: 'regex' as const, response: { headers: { 'x-mark': 'y' } } }
  const emulator = await startWith({ rules: [ofBody, mark] })
  const stream = emulator.worker(0).stream()
  stream.requestHeaders(json)
  stream.requestBody('{"a":')
  stream.responseHeaders({ ':status': '200' })
  stream.requestBody('"bad"}', { endOfStream: true })
  stream.end()

  expect(stream.localResponse).toBeNull()
  expect(metric(emulator, 'failed_open_total')).toBe(1)
  expect(metric(emulator, 'marked_total')).toBe(1)
})

test("a rule's headers are on an answer of Envoy that takes the place of the upstream's, too", async () => {
  const headers = { 'x-mark': 'y', 'set-cookie': 'm=1' }
  const emulator = await startWith({ rules: [{ _id: 'm', type: 'regex', response: { headers } }] })
  const stream = emulator.worker(0).stream()
  stream.requestHeaders(request, { endOfStream: true })
  stream.responseHeaders({ ':status': '200' })
  stream.responseHeaders({ ':status': '502' }, { endOfStream: true })

  expect(stream.facts.responseHeaders.text('x-mark')).toBe('y')
  expect(stream.facts.responseHeaders.text('set-cookie')).toBe('m=1')
  stream.end()
  expect(eventsOf(emulator)[0]?.response).toMatchObject({ status: 502, headers })
})

test('a request whose refusal the host does not take passes, and is counted', async () => {
  const emulator = await startWith({ rules: [block({ _id: 'r' })] })
  const stream = emulator.worker(0).stream()
  stream.sendLocalResponse = () => {
    throw new OutOfBounds('no answer is taken')
  }

  expect(stream.requestHeaders(request, { endOfStream: true })).toBe(0)
  stream.end({ responseHeaders: { ':status': '200' } })

  expect(eventsOf(emulator)[0]).not.toHaveProperty('blocked_by')
  expect(metric(emulator, 'failed_open_total')).toBe(1)
  expect(metric(emulator, 'blocked_total')).toBe(0)
})

test.each([
  ['empty', ''],
  ['too long', '{a}'.padEnd(600)],
])('a body of GraphQL that is %s is no query', async (_, text) => {
  const emulator = await startWith(
    { rules: [block({ _id: 'q', regex_config: when('request.body.query', '^') })] },
    { request_max_body_size_limit: 500 },
  )
  const stream = emulator.worker(0).stream()
  stream.requestHeaders({ ...request, 'content-type': 'application/graphql' })
  stream.requestBody(text, { endOfStream: true })

  expect(stream.localResponse).toBeNull()
})

test('a request that waits is resumed when 16 KiB of its body have waited for a quarter of a second', async () => {
  for (const [bytes, wait, resumed] of [
    [16_383, 60_000, []],
    [16_384, 249, []],
    [16_384, 250, ['request']],
  ] as const) {
    const emulator = await startWith({ rules: [ofBody] })
    // Ticks come every tenth of a second: here one follows at each moment that is looked at.
    const stream = emulator.worker(0).stream()
    stream.requestHeaders(json)
    stream.requestBody('{'.padEnd(bytes))
    emulator.clock.advance(wait)
    const { root, vm } = stream
    vm.call('proxy_on_tick', root, root.id)

    expect(stream.resumed).toEqual(resumed)
  }
})

test('a request that goes on arriving is not resumed', async () => {
  const emulator = await startWith({ rules: [ofBody] })
  const stream = emulator.worker(0).stream()
  stream.requestHeaders(json)
  for (let i = 0; i < 10; i++) {
    stream.requestBody('{'.padEnd(10_000))
    emulator.advance(200)
  }

  expect(stream.resumed).toEqual([])
})

test('a rate for a company waits for a response that may name it, one for a user does not wait for that', async () => {
  const emulator = await startWith(
    { config: { company_sample_rate: { acme: 0 } } },
    { enable_governance: false },
  )
  const kept = (headers: Record<string, string>) => {
    emulator.worker(0).exchange({ response: { status: 200, headers } })
    return eventsOf(emulator).length
  }

  expect([kept({ 'x-company': 'acme' }), kept({ 'x-company': 'other' }), kept({})]).toEqual([
    0, 1, 2,
  ])
})
