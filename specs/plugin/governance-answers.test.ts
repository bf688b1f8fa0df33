import { expect, test } from 'vitest'
import type { Message } from '#sandbox/emulated-plugin/index.ts'
import { block, startWith, when } from './support/documents.ts'
import { eventsOf } from './support/plugin-under-test.ts'

function valuesOf(message: Message | null, name: string): string[] {
  const pairs = message ? [...message.headers] : []
  return pairs
    .filter(([key]) => String(key) === name)
    .map(([, value]) => Buffer.from(value).toString())
}

const as = (user: string | null, company: string | null = null, more: object = {}) => ({
  headers: { ...(user && { 'x-user': user }), ...(company && { 'x-company': company }) },
  ...more,
})

test('collects the headers of all rules that apply, the higher winning each name', async () => {
  const emulator = await startWith({
    config: { user_rules: { ann: [{ rules: 'user' }] } },
    rules: [
      block({ _id: 'b', response: { status: 429, headers: { 'X-A': 'b', 'x-b': 'b' } } }),
      { _id: 'm', type: 'regex', response: { headers: { 'x-b': 'm', 'X-C': 'm' } } },
      { _id: 'user', type: 'user', response: { headers: { 'x-a': 'user' } } },
    ],
  })

  const { response } = emulator.worker(0).exchange({ request: as('ann') })

  expect(response?.headers.text(':status')).toBe('429')
  expect(['x-a', 'x-b', 'x-c'].map((name) => response?.headers.text(name))).toEqual([
    'user',
    'b',
    'm',
  ])
})

test('puts the headers of rules that do not block on the answer of the upstream', async () => {
  const emulator = await startWith({
    rules: [
      {
        _id: 'm',
        type: 'regex',
        response: {
          status: 500,
          headers: { 'X-Warn': 'soon', 'set-cookie': 'w=1' },
          body: 'unused',
        },
      },
    ],
  })

  const { response, upstreamRequest } = emulator.worker(0).exchange({
    response: { status: 200, headers: { 'x-warn': 'theirs', 'set-cookie': 'a=1' }, body: 'fine' },
  })

  expect(upstreamRequest).not.toBeNull()
  expect(response?.headers.text(':status')).toBe('200')
  expect(valuesOf(response, 'x-warn')).toEqual(['soon'])
  expect(valuesOf(response, 'set-cookie')).toEqual(['a=1', 'w=1'])
  emulator.advance(100)
  expect(emulator.metrics.get('moesif_governance_marked_total')).toBe(1)
  expect(eventsOf(emulator)[0]?.response?.headers).toMatchObject({ 'x-warn': 'soon' })
})

test('leaves out headers that would break the framing of an answer, or are none', async () => {
  const headers = {
    'Content-Length': '1',
    'transfer-encoding': 'chunked',
    connection: 'close',
    ':status': '200',
    'no header': 'x',
    'x-fine': 'yes',
    'x-null': null,
    'x-number': 7,
  }
  const emulator = await startWith({
    rules: [block({ _id: 'r', response: { status: 403, headers, body: 'b' } })],
  })

  const { localReply } = emulator.worker(0).exchange()

  expect(localReply && [...localReply.headers].map(([name]) => String(name))).toEqual([
    'x-fine',
    'x-number',
    'content-type',
  ])
})

test.each([
  [200, 200],
  [599, 599],
  [600, 429],
  [199, 429],
  [99, 429],
  [1000, 429],
  ['403', 429],
  [undefined, 429],
])('answers a status of %s with %s', async (status, expected) => {
  const emulator = await startWith({
    rules: [block({ _id: 'r', response: { status, body: 'b' } })],
  })

  expect(emulator.worker(0).exchange().localReply?.status).toBe(expected)
})

test('answers without a body where the rule has none, or the status may have none', async () => {
  const emulator = await startWith({
    rules: [
      block({ _id: 'a', regex_config: when('request.route', '^/a'), response: { status: 403 } }),
      block({
        _id: 'b',
        regex_config: when('request.route', '^/b'),
        response: { status: 403, body: null },
      }),
      block({
        _id: 'c',
        regex_config: when('request.route', '^/c'),
        response: { status: 204, body: 'x' },
      }),
    ],
  })

  for (const path of ['/a', '/b', '/c']) {
    const { localReply } = emulator.worker(0).exchange({ request: { path } })
    expect(localReply?.body).toHaveLength(0)
    expect(localReply && [...localReply.headers]).toEqual([])
  }
})

test('keeps the content type that a rule gives', async () => {
  const response = {
    status: 403,
    headers: { 'Content-Type': 'application/problem+json' },
    body: { title: 't' },
  }
  const emulator = await startWith({ rules: [block({ _id: 'r', response })] })

  const reply = emulator.worker(0).exchange()

  expect(valuesOf(reply.response, 'content-type')).toEqual(['application/problem+json'])
})

test('lets a request pass for which there would be too long an answer', async () => {
  const emulator = await startWith({
    rules: [block({ _id: 'r', response: { status: 403, body: 'x'.repeat(1_100_000) } })],
  })

  const exchange = emulator.worker(0).exchange()
  emulator.advance(100)

  expect(exchange.localReply).toBeNull()
  expect(emulator.metrics.get('moesif_governance_failed_open_total')).toBe(1)
})
