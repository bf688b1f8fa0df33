import { expect, test } from 'vitest'
import type { MoesifEmulator } from '#sandbox/emulated-plugin/index.ts'
import { block, play, serve, startWith, when, type Rule } from './support/documents.ts'
import { eventsOf } from './support/plugin-under-test.ts'

/** What one request leaves behind must not be seen by the next. */

const variables = [{ name: 'v', path: '' }]
const said = (emulator: MoesifEmulator, headers: Record<string, string>) =>
  play(emulator, { headers }).response?.headers.text('x-v')

function counts(emulator: MoesifEmulator): number[] {
  emulator.advance(100)
  return ['blocked', 'marked', 'failed_open'].map(
    (name) => emulator.metrics.get(`moesif_governance_${name}_total`) ?? 0,
  )
}

test('what is known of the user or company of one request is not said to the next', async () => {
  for (const type of ['user', 'company'] as const) {
    const emulator = await startWith({
      config: { [`${type}_rules`]: { ann: [{ rules: 'r', values: { v: 'of ann' } }] } },
      rules: [
        {
          _id: 'r',
          type,
          applied_to_unidentified: true,
          variables,
          response: { headers: { 'x-v': '{{v}}' } },
        },
      ],
    })
    const header = `x-${type}`

    expect([
      said(emulator, { [header]: 'ann' }),
      said(emulator, {}),
      said(emulator, { [header]: 'bob' }),
      said(emulator, { [header]: 'ann' }),
    ]).toEqual(['of ann', 'UNKNOWN', undefined, 'of ann'])
  }
})

const refusing = (path: string, response: NonNullable<Rule['response']>) =>
  block({
    _id: path,
    type: 'user',
    regex_config: when('request.route', `^/${path}$`),
    variables,
    response: { status: 403, ...response },
  })

test('an answer that is too large, by whatever part of it, lets its request pass, and none after it', async () => {
  const longest = 'x'.repeat(65_535)
  const rules = [
    refusing('body', { body: ['x'.repeat(1024 * 1024)] }),
    refusing('header', { headers: { 'x-v': '{{v}}'.repeat(17) } }),
    refusing('text', { body: ['{{v}}'.repeat(17)] }),
    refusing('good', { headers: { 'x-v': 'a {{v}}' }, body: ['b {{v}}'] }),
  ]
  const member = (v: string) => rules.map(({ _id }) => ({ rules: _id, values: { v } }))
  const emulator = await startWith({
    config: { user_rules: { long: member(longest), short: member('1') } },
    rules,
  })
  const status = (path: string, user: string) =>
    play(emulator, { path, headers: { 'x-user': user } }).localReply?.status

  for (const path of ['/body', '/header', '/text']) {
    expect(status(path, 'long'), path).toBeUndefined()
    const { localReply } = play(emulator, { path: '/good', headers: { 'x-user': 'short' } })
    expect(localReply?.headers.text('x-v')).toBe('a 1')
    expect(Buffer.from(localReply?.body ?? []).toString()).toBe('["b 1"]')
  }
  expect(counts(emulator)).toEqual([3, 0, 3])
})

test('a text is filled in whatever its length, and however much of it has to be escaped', async () => {
  const emulator = await startWith({
    config: { user_rules: { ann: [{ rules: 'r', values: { v: '\u0001"'.repeat(30_000) } }] } },
    rules: [block({ _id: 'r', type: 'user', variables, response: { body: ['{{v}}!'] } })],
  })
  const { localReply } = play(emulator, { headers: { 'x-user': 'ann' } })

  expect(JSON.parse(Buffer.from(localReply?.body ?? []).toString())).toEqual([
    `${'\u0001"'.repeat(30_000)}!`,
  ])
})

test('a rule that neither refuses nor sets a header marks nothing', async () => {
  const emulator = await startWith({
    rules: [
      { _id: 'silent', type: 'regex', response: { body: 'b' } },
      {
        _id: 'speaks',
        type: 'regex',
        regex_config: when('request.route', '^/b$'),
        response: { headers: { 'x-v': 'v' } },
      },
    ],
  })
  play(emulator, { path: '/a' })
  expect(counts(emulator)).toEqual([0, 0, 0])
  play(emulator, { path: '/b' })
  expect(counts(emulator)).toEqual([0, 1, 0])
})

test('of requests that are open at once each is said to be refused by its own rule', async () => {
  const emulator = await startWith({
    rules: [
      block({ _id: 'first rule', regex_config: when('request.route', '^/a') }),
      block({ _id: 'b', regex_config: when('request.route', '^/b') }),
    ],
  })
  const streams = ['/a', '/b', '/c', '/a'].map((path) => {
    const stream = emulator.worker(0).stream()
    const headers = { ':method': 'GET', ':path': path, ':authority': 'a' }
    stream.requestHeaders(headers, { endOfStream: true })
    return stream
  })
  for (const stream of streams) stream.end({ responseHeaders: { ':status': '200' } })

  expect(eventsOf(emulator).map((event) => event.blocked_by)).toEqual([
    'first rule',
    'b',
    undefined,
    'first rule',
  ])
})

const marking = (text: string): Rule => ({
  _id: 'r',
  type: 'user',
  variables,
  response: { headers: { 'x-v': text } },
})

test('a template that lost its last brace is text, whatever stood in its place before', async () => {
  const config = { user_rules: { ann: [{ rules: 'r', values: { v: '1' } }] } }
  const emulator = await startWith({ config, rules: [marking('{{v}}')] })
  const texts = ['{{v}', '{{v', '{{', '{', '{{|x}}', '{{v|}}', '{{v|x}', 'a{{v}}b{', '{{v}}{{v}}']
  const expected = texts.map((text) => text.replaceAll('{{v}}', '1'))
  const seen = texts.map((text) => {
    for (const next of ['{{v|1}}', text]) {
      serve(emulator, { config, rules: [marking(next)] })
      const { length } = emulator.collector.fetches
      const isNew = () =>
        emulator.collector.fetches
          .slice(length)
          .some((call) => call.headers[':path'] === '/v1/rules')
      while (!isNew()) emulator.advance(500)
      emulator.advance(500)
    }
    return said(emulator, { 'x-user': 'ann' })
  })

  expect(seen).toEqual(expected)
})

test('a status that an answer may have is given, to the last one', async () => {
  const statuses = [200, 599]
  const emulator = await startWith({
    rules: statuses.map((status) =>
      block({
        _id: `${status}`,
        regex_config: when('request.route', `^/${status}$`),
        response: { status },
      }),
    ),
  })

  expect(
    statuses.map((status) => play(emulator, { path: `/${status}` }).localReply?.status),
  ).toEqual(statuses)
})

test('a rate of a group does not decide before it is known whose request it is', async () => {
  const regex_config = [{ ...when('request.route', '^/')[0]!, sample_rate: 100 }]
  const emulator = await startWith(
    { config: { company_sample_rate: { acme: 0 }, user_sample_rate: { ann: 0 }, regex_config } },
    { enable_governance: false },
  )
  for (const headers of [{ 'x-company': 'acme' }, { 'x-company': 'other' }, { 'x-user': 'ann' }]) {
    emulator.worker(0).exchange({ response: { status: 200, headers } })
  }

  expect(eventsOf(emulator).map((event) => event.company_id)).toEqual(['other'])
})
