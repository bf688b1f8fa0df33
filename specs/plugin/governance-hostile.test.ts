import { expect, test } from 'vitest'
import type { MoesifEmulator } from '#sandbox/emulated-plugin/index.ts'
import { serve, startWith, when, type Rule } from './support/documents.ts'

/** Stands behind each hostile rule: it has to go on working. */
const good: Rule = {
  _id: 'good',
  type: 'regex',
  block: true,
  regex_config: when('request.route', '^/good'),
  response: { status: 418 },
}

const hostile = (rule: object): Rule => ({
  _id: 'x',
  type: 'regex',
  block: true,
  regex_config: when('request.route', '^/x'),
  ...rule,
})

const besideGood = (...rules: object[]): string => JSON.stringify([...rules, good])

function call(emulator: MoesifEmulator, path: string, user?: string) {
  const headers = user === undefined ? {} : { 'x-user': user }
  return emulator.worker(0).exchange({ request: { path, headers } })
}

const statusOf = (emulator: MoesifEmulator, path: string, user?: string): number =>
  call(emulator, path, user).localReply?.status ?? 200

test.each<[what: string, rules: string, status: number]>([
  ...[0, 99, 199, 600, -1, 2.5, 1e9, null, '429', [429]].map((status): [string, string, number] => [
    `the status ${JSON.stringify(status)}`,
    besideGood(hostile({ response: { status, body: 'x' } })),
    429,
  ]),
  ['no response', besideGood(hostile({})), 429],
  [
    'a member twice: the last one counts',
    besideGood(hostile({ response: { status: 403 } })).replace('"_id":"x"', '"_id":"a","_id":"x"'),
    403,
  ],
  [
    'priorities beyond all numbers',
    besideGood(
      hostile({ _id: 'a', priority: 1e308, response: { status: 403 } }),
      hostile({ _id: 'b', priority: -1e308, response: { status: 404 } }),
      hostile({ _id: 'c', priority: 2 ** 64, response: { status: 405 } }),
    ).replace('1e+308', '1e999'),
    404,
  ],
  [
    'half a surrogate pair',
    besideGood(hostile({ response: { status: 403 } })).replace('"x"', '"\\ud800"'),
    403,
  ],
])('survives %s', async (_, rules, status) => {
  const emulator = await startWith({ rules })

  expect(statusOf(emulator, '/x')).toBe(status)
  expect(statusOf(emulator, '/good')).toBe(418)
  expect(emulator.traps).toEqual([])
})

test('lets no header in by a line break, a name that is none, or a pseudo-header', async () => {
  const headers = {
    'x-a': 'a\r\nset-cookie: b=1',
    'x-nul': 'a\0b',
    'x-b\r\nx-c': 'v',
    'x d': 'v',
    ':status': '200',
    '': 'v',
    'content-length': '5',
  }
  const emulator = await startWith({
    rules: besideGood(
      hostile({ response: { status: 403, headers } }),
      hostile({
        _id: 'm',
        block: false,
        regex_config: when('request.route', '^/m'),
        response: { headers },
      }),
    ),
  })

  for (const path of ['/x', '/m']) {
    const names = [...(call(emulator, path).response?.headers ?? [])].map(([name]) => name)
    expect(names.filter((name) => !/^(:status|date|server|x-envoy-.*)$/.test(name))).toEqual([
      'x-a',
      'x-nul',
    ])
    expect(call(emulator, path).response?.headers.text('x-a')).toBe('a  set-cookie: b=1')
  }
  expect(emulator.logs.entries.map(({ level, message }) => `${level} ${message}`)).toEqual([
    'warn moesif: /v1/rules: rule "x" cannot set the header "x-b  x-c" (and 9 more).',
  ])
  expect(emulator.metrics.get('moesif_governance_invalid_rules')).toBe(10)
  expect(call(emulator, '/x').localReply?.status).toBe(403)
})

test('fills in a template once: what a value holds is no template', async () => {
  const values = { a: '{{b}}{{a}}"\r\n', b: 'never' }
  const emulator = await startWith({
    rules: besideGood({
      _id: 'x',
      type: 'user',
      block: true,
      variables: [{ name: 'a' }, { name: 'b' }],
      response: { status: 403, headers: { 'x-t': '{{a}}' }, body: '{{a}}' },
    }),
    config: { user_rules: { ann: [{ rules: 'x', values }] } },
  })

  const { response } = call(emulator, '/x', 'ann')
  expect(response?.headers.text('x-t')).toBe('{{b}}{{a}}"  ')
  expect(JSON.parse(Buffer.from(response?.body ?? []).toString())).toBe(values.a)
})

test('takes null for a member that is left out', async () => {
  const nulls = '"_id": "x", "status": null, "regex_config": null, "unidentified": null'
  const emulator = await startWith({
    rules: `[{${nulls}, "type": "regex", "block": null}, {${nulls}, "type": "regex", "block": true, "response": null}]`,
  })

  const { localReply } = call(emulator, '/x')
  expect(localReply?.status).toBe(429)
})

test('takes nulls and other things in cohorts and rates for nothing', async () => {
  const emulator = await startWith({
    rules: besideGood({ _id: 'x', type: 'user', block: true, response: { status: 403 } }),
    config: `{"user_rules": {"ann": null, "bob": [null, 7, {"rules": null}, {"rules": "w"}, {"rules": "x", "values": null}], "cid": "x",
      "dan": [{"rules": "w", "values": {"a": null, "b": [1]}}, {"rules": "x"}], "": [{"rules": "x"}]}, "company_rules": null,
      "sample_rate": null, "company_sample_rate": {"ann": null, "bob": "x"}, "user_sample_rate": ["ann", 0],
      "regex_config": [null, 0, {"conditions": [null], "sample_rate": 0}, {"conditions": {}, "sample_rate": 0}]}`,
  })

  const statuses = ['ann', 'bob', 'cid', 'dan', ''].map((user) => statusOf(emulator, '/x', user))
  expect(statuses).toEqual([200, 403, 200, 403, 200])
  emulator.advance(1000)
  expect(emulator.metrics.get('moesif_events_captured_total')).toBe(5)
  expect(emulator.metrics.get('moesif_events_sampled_out_total')).toBe(0)
})

test.each(['{"conditions": null, ', '{"conditions": [], ', '{'])(
  'takes %s"sample_rate": 0} for a rate of every exchange',
  async (start) => {
    const emulator = await startWith({ config: `{"regex_config": [${start}"sample_rate": 0}]}` })

    call(emulator, '/x', 'ann')
    emulator.advance(1000)

    expect(emulator.metrics.get('moesif_events_sampled_out_total')).toBe(1)
  },
)

test.each([
  [
    'nested too deep',
    besideGood(hostile({ response: { body: deep(300) } })),
    'not JSON, or nested deeper than 256',
  ],
  ['cut off', besideGood().slice(0, -3), 'not JSON'],
  ['a byte order mark', `\ufeff${besideGood()}`, 'not JSON'],
  ['an object', JSON.stringify({ rules: [good] }), 'not what belongs there'],
  ['null', 'null', 'not what belongs there'],
  ['a text', '"rules"', 'not what belongs there'],
])('keeps the rules it has when the document is not one: %s', async (_, rules, reason) => {
  const emulator = await startWith({ rules: [good] })
  expect(statusOf(emulator, '/good')).toBe(418)

  serve(emulator, { rules })
  emulator.advance(71_000)

  expect(statusOf(emulator, '/good')).toBe(418)
  expect(emulator.metrics.get('moesif_documents_failed_total')).toBeGreaterThan(0)
  expect(emulator.logs.messages().join('\n')).toContain(`/v1/rules is ${reason}`)
})

test('logs that the first document is of the wrong kind, and counts what passes meanwhile', async () => {
  const emulator = await startWith({ rules: '{}' })

  expect(statusOf(emulator, '/good')).toBe(200)
  emulator.advance(100)

  expect(emulator.metrics.get('moesif_governance_failed_open_total')).toBe(1)
})

test('leaves a pattern of 10,000 alternatives out, and names it', async () => {
  const words = Array.from({ length: 10_000 }, (_, i) => `w${i}`).join('|')
  const rule = hostile({
    regex_config: when('request.route', `^/(${words})$`),
    response: { status: 403 },
  })
  const emulator = await startWith({ rules: besideGood(rule) })

  expect(statusOf(emulator, '/w7')).toBe(200)
  expect(statusOf(emulator, '/good')).toBe(418)
  expect(emulator.metrics.get('moesif_governance_invalid_rules')).toBe(1)
  expect(emulator.logs.messages().join()).toContain('rule "x" has a condition that is never met')
})

test('counts a request that passes since an expression was given up on', async () => {
  const emulator = await startWith({
    rules: besideGood(
      hostile({
        regex_config: when('request.headers.x-q', 'a[ab]{700}c'),
        response: { status: 403 },
      }),
    ),
  })
  const headers = { 'x-q': scattered(65_536) }

  expect(emulator.worker(0).exchange({ request: { path: '/', headers } }).localReply).toBeNull()
  expect(
    emulator.worker(0).exchange({ request: { path: '/good', headers } }).localReply?.status,
  ).toBe(418)
  emulator.advance(100)

  expect(emulator.metrics.get('moesif_governance_failed_open_total')).toBe(1)
})

test('goes on matching when the states of other expressions take all the memory that there is for states', async () => {
  // A long expression has large states: few letters fill what one of them may take.
  const many = Array.from({ length: 150 }, (_, i) =>
    hostile({
      _id: `x${i}`,
      regex_config: when('request.headers.x-q', `(?:a|b)*a(?:a|b){12}x{600}${i}`),
    }),
  )
  const emulator = await startWith({ rules: besideGood(...many) })
  const headers = { 'x-q': scattered(500) }

  expect(
    emulator.worker(0).exchange({ request: { path: '/good', headers } }).localReply?.status,
  ).toBe(418)
})

/** Letters in no order that an automaton could make use of. */
function scattered(length: number): string {
  let random = 1
  return Array.from({ length }, () => {
    random = (Math.imul(random, 1_103_515_245) + 12_345) & 0x7fff_ffff
    return 'ab'[(random >>> 16) & 1]
  }).join('')
}

function deep(levels: number): unknown {
  return JSON.parse('['.repeat(levels) + ']'.repeat(levels))
}
