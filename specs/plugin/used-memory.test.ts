import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { MoesifEmulator } from '#sandbox/emulated-plugin/index.ts'
import { FIRST_FETCH_MS, serve, when } from './support/documents.ts'
import { APPLICATION_ID, pluginBytes } from './support/plugin-under-test.ts'

/** As a pointer it leads nowhere, as a flag it is set, as a number it is large. */
const USED = 0xa5
/** Envoy draws it. */
const REQUEST_ID = /"(x-request-id|request_id)":"[^"]*"/g
/** Blocks of so many sizes, in steps of 3 bytes. */
const SIZES = 250
const POST = { ':method': 'POST', ':path': '/', ':authority': 'a' }

const OPTIONS = {
  moesif_application_id: APPLICATION_ID,
  batch_max_size: 4,
  queue_max_bytes: 40_000,
  debug: true,
  enable_governance: true,
  user_id_header: 'x-user',
  company_id_sources: ['header:x-company', 'cookie:company'],
  session_token_sources: ['jwt:authorization:realm_access.roles', 'sha256(header:x-api-key)'],
  client_ip_sources: ['header:x-forwarded-for:1'],
  request_header_masks: ['x-secret', 'x-a-*'],
  response_header_masks: ['x-secret'],
  request_body_masks: ['password', '$.cards[*].number'],
  response_body_masks: ['token', '$..id'],
  metadata: { stage: 'test' },
  skip: when('request.route', '^/health'),
  not_an_option: 1,
}

const DOCUMENTS = {
  config: {
    sample_rate: 50,
    user_sample_rate: { ada: 100 },
    company_sample_rate: { c: 100 },
    user_rules: { ada: [{ rules: 'of-a-user', values: { 0: 'one' } }] },
    company_rules: { c: [{ rules: 'of-others', values: { 0: 'one' } }] },
    regex_config: [{ ...when('request.route', '^/rare')[0]!, sample_rate: 10 }],
  },
  rules: [
    {
      _id: 'gone',
      type: 'regex' as const,
      block: true,
      regex_config: when('request.route', '^/gone'),
      response: { status: 410, headers: { 'x-rule': 'gone' }, body: { error: 'gone' } },
    },
    {
      _id: 'of-a-user',
      type: 'user' as const,
      response: { headers: { 'x-plan': '{{0}}' } },
      variables: [{ name: '0', path: 'plan' }],
    },
    {
      _id: 'of-a-body',
      type: 'regex' as const,
      block: true,
      regex_config: when('request.body.kind', 'bad'),
      response: { status: 422, body: { error: 'bad' } },
    },
    {
      _id: 'of-others',
      type: 'company' as const,
      applied_to: 'not_matching' as const,
      applied_to_unidentified: true,
      regex_config: [...when('request.verb', '^PURGE$'), ...when('request.headers.x-b', '(')],
      response: { headers: { 'x-other': '{{0}}', te: 'no header of a rule' }, body: ['{{0}}'] },
    },
    { _id: 'left-out', type: 'regex' as const, response: [] as object, regex_config: [] },
  ],
}

const REFUSED = [
  { ...OPTIONS, skip: [...when('request.route', '('), ...when('request.uri', 'x')] },
  { ...OPTIONS, debug: 'x', user_id_header: 7 },
]

const BODY = JSON.stringify({ kind: 'good', password: 'p', cards: [{ number: 1 }], company: 'c' })
const HEADERS = {
  'content-type': 'application/json',
  'x-secret': 's',
  'x-a-b': 's',
  'x-forwarded-for': '203.0.113.7, 10.0.0.1',
  'x-user': 'ada',
}
const EXCHANGES = [
  { request: { path: '/health' } },
  { request: { path: '/gone', headers: HEADERS } },
  { request: { path: '/rare', headers: { 'x-company': 'c' } } },
  { request: { method: 'POST', path: '/a?b=c', headers: HEADERS, body: BODY } },
  { request: { method: 'POST', headers: HEADERS, body: BODY.replace('good', 'bad') } },
  {
    request: { method: 'POST', headers: HEADERS, body: [BODY.slice(0, 9), BODY.slice(9)] },
    response: {
      headers: { ...HEADERS, 'content-encoding': 'gzip' },
      body: gzipSync(JSON.stringify({ token: 't', id: 1, kept: [true] })),
    },
  },
  { request: { path: '/text' }, response: { status: 500, body: 'x'.repeat(3000) } },
]

/** What a filter does in a VM in which another one has been before. */
async function story(isUsed: boolean) {
  let drawn = 0
  const random = (bytes: Uint8Array) => void bytes.forEach((_, i) => (bytes[i] = drawn++ * 37))
  const emulator = await MoesifEmulator.load(await pluginBytes(), { random, workers: 1 })
  const before = emulator.configure({ moesif_application_id: APPLICATION_ID }, { rootId: 'a' })
  const worker = emulator.worker(0)
  // What answers of the host are put into, and what is read of them, is taken back with each callback.
  const { vm, root } = worker.stream(before)
  const answers = vm.call('malloc', root, 65_000) ?? 0
  if (isUsed) vm.memory.view(answers, 65_000).fill(USED)
  // What is too large for it is a block of its own, which is given back: to what has to be cleared before it is used.
  const more = vm.call('malloc', root, 400_000) ?? 0
  if (isUsed) vm.memory.view(more, 400_000).fill(USED)
  const streams = Array.from({ length: SIZES }, () => worker.stream(before))
  for (const [index, stream] of streams.entries()) {
    stream.requestHeaders(POST)
    // Open at once: so many blocks of so many sizes take all that is free, and are free afterwards.
    if (isUsed) stream.requestBody(Buffer.alloc(index * 3, USED), { endOfStream: true })
  }
  for (const stream of streams) stream.end()
  emulator.advance(3000)
  emulator.logs.entries.length = 0
  const earlier = emulator.collector.calls.length
  const counted = emulator.metrics.toObject()
  drawn = 0

  const plugin = emulator.configure(OPTIONS, { rootId: 'b' })
  serve(emulator, DOCUMENTS)
  emulator.advance(FIRST_FETCH_MS)
  const outcomes = [
    { status: 201 },
    { status: 413 },
    { status: 503 },
    { status: 401 },
    { silent: true },
  ]
  for (const answer of outcomes) {
    emulator.collector.answerNext(answer as { status: number })
    for (const script of EXCHANGES) worker.exchange(script, plugin)
    emulator.advance(12_000)
  }
  emulator.collector.answerAlways({ status: 503 })
  for (let round = 0; round < 12; round++) {
    for (const script of EXCHANGES) worker.exchange(script, plugin)
  }
  emulator.advance(70_000)
  emulator.shutDown()
  const metrics = Object.entries(emulator.metrics.toObject())
  const calls = emulator.collector.calls.slice(earlier)
  return {
    traps: emulator.traps,
    calls: calls.map(({ body: sent, headers: of }) => [
      of,
      Buffer.from(sent).toString().replaceAll(REQUEST_ID, ''),
    ]),
    metrics: metrics.map(([name, value]) => [name, value - (counted[name] ?? 0)]),
    logs: emulator.logs.entries,
  }
}

test('a filter does in memory that was used before what it does in new memory', async () => {
  const [clean, used] = [await story(false), await story(true)]

  expect(used.traps).toEqual([])
  expect(used.logs).toEqual(clean.logs)
  expect(used.metrics).toEqual(clean.metrics)
  expect(used.calls).toEqual(clean.calls)
  expect(clean.calls.length).toBeGreaterThan(10)
  expect(clean.logs.some(({ message }) => message.includes('queue_max_bytes'))).toBe(true)
})

test('an update gives back all that a configuration, its documents and its exchanges held', async () => {
  const emulator = await MoesifEmulator.load(await pluginBytes())
  const worker = emulator.worker(0)
  const first = emulator.configure({ moesif_application_id: APPLICATION_ID }, { rootId: 'a' })
  const { vm, root } = worker.stream(first)
  serve(emulator, DOCUMENTS)
  const allocate = (size: number) => vm.call('malloc', root, size) ?? 0
  /** Where a large block is, behind all that is held, and how many small ones have room in the holes before it. */
  const freeMemory = () => {
    const large = allocate(2_000_000)
    let count = 0
    // Once what answers of the host are put into is full, each is a block of its own.
    allocate(65_000)
    while (count < 20_000 && allocate(16) < large) count++
    return `${count} before ${large}`
  }
  const free = new Set<string>()
  for (let update = 0; update < 60; update++) {
    const metadata = { update: update % 2 }
    const plugin = emulator.configure({ ...OPTIONS, metadata }, { rootId: 'b' })
    emulator.advance(FIRST_FETCH_MS)
    for (const script of EXCHANGES) worker.exchange(script, plugin)
    for (const refused of REFUSED) emulator.configure(refused, { rootId: 'c' }).remove()
    const outliving = worker.stream(plugin)
    outliving.requestHeaders(POST)
    // Where the final flush is never answered, a tick ends the wait.
    emulator.collector.answerAlways(update % 2 ? { lost: true } : { status: 201 })
    plugin.remove()
    emulator.advance(7000)
    outliving.end()
    if (update >= 30 && update % 10 === 0) free.add(freeMemory())
  }

  expect(emulator.traps).toEqual([])
  expect([...free]).toHaveLength(1)
})
