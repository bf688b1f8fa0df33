import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { expect, test } from 'vitest'
import { validateConfiguration } from '#sandbox/emulated-plugin/index.ts'
import { DeliveryScene } from '#specs/support/delivery-scene.ts'
import { startPlugin, eventsOf, pluginBytes } from './support/plugin-under-test.ts'

const GOOD = { moesif_application_id: 'an-application-id' }
const schema = JSON.parse(
  await readFile(path.resolve(import.meta.dirname, '../../plugin/config.schema.json'), 'utf8'),
) as {
  properties: Record<string, { type?: string | string[]; minimum?: number; maximum?: number }>
}

/** What the plugin says to a document, without the words that all lines begin with. */
async function said(options: object | string): Promise<string[]> {
  const text = typeof options === 'string' ? options : JSON.stringify({ ...GOOD, ...options })
  const { messages } = await validateConfiguration(await pluginBytes(), text)
  return messages.map(({ message }) => message.replace(/^moesif: configuration: /, ''))
}

const numbers = Object.entries(schema.properties).flatMap(([name, { minimum, maximum }]) =>
  minimum === undefined || maximum === undefined ? [] : [[name, minimum, maximum] as const],
)

test.each(numbers)('%s is a whole number from %i to %i', async (name, minimum, maximum) => {
  expect(await said({ [name]: minimum })).toEqual([])
  expect(await said({ [name]: maximum })).toEqual([])
  for (const [given, used] of [
    [minimum - 1, minimum],
    [maximum + 1, maximum],
  ]) {
    expect(await said({ [name]: given })).toEqual([
      `option "${name}" is ${given}, which is out of range: ${used} is used. Expected a whole number from ${minimum} to ${maximum}.`,
    ])
  }
})

const texts = ['upstream', 'base_uri', 'moesif_application_id']

test.each(texts)('%s has printable ASCII only', async (name) => {
  expect(await said({ [name]: '!azAZ09~' })).toEqual([])
  for (const wrong of ['a b', 'a\u007f', 'a\u001f', 'a\u0080', '\té']) {
    expect(await said({ [name]: wrong }), wrong).toHaveLength(1)
  }
})

test('names of headers may be separated by blanks', async () => {
  expect(await said({ authorization_header_name: 'a, b' })).toEqual([])
  expect(await said({ authorization_header_name: 'a\tb' })).toHaveLength(1)
})

test.each(['  a  ', 'a ', ' a'])('blanks around "%s" are left out', async (upstream) => {
  const scene = await DeliveryScene.open({ batch_max_size: 1, upstream })
  scene.request(1)

  expect(scene.calls[0]?.cluster).toBe('a')
})

test.each([
  'plugin',
  'route',
  'cluster',
  'response_code_details',
  'response_flags',
  'grpc_status',
  'request_id',
  'incomplete',
  'truncated',
])('metadata must not have the name %s', async (name) => {
  expect(await said({ metadata: { [`${name}s`]: 1, [name.slice(1)]: 2 } })).toEqual([])
  for (const metadata of [{ [name]: 1 }, { a: 1, [name]: 2, b: 3 }]) {
    expect(await said({ metadata })).toEqual([
      expect.stringContaining('without names that the plugin itself gives to metadata.'),
    ])
  }
})

const metadataOf = (length: number) => ({ a: 'x'.repeat(length - '{"a":""}'.length) })

test('metadata has 4096 bytes at most, braces included', async () => {
  expect(await said({ metadata: metadataOf(4096) })).toEqual([])
  expect(await said({ metadata: metadataOf(4097) })).toEqual([
    expect.stringContaining('of 4096 bytes at most'),
  ])
})

test('metadata is in the event as it was written', async () => {
  const text = '{ "b" : [1, {"c": "d,}"}] , "a":1.50 , "e" : null }'
  const emulator = await startPlugin()
  emulator.configure(`{"moesif_application_id":"x","metadata":${text},"disable_metadata":true}`)
  emulator.configure(`{"moesif_application_id":"y","metadata":{},"disable_metadata":true}`)
  emulator.configure(`{"moesif_application_id":"z","metadata":${text}}`)
  emulator.worker(0).exchange()

  expect(eventsOf(emulator)[0]?.metadata).toMatchObject({
    b: [1, { c: 'd,}' }],
    a: 1.5,
    e: null,
    plugin: expect.any(String),
  })
})

test.each([
  ['debuk', 'debug'],
  ['ebug', 'debug'],
  ['ddebug', 'debug'],
  ['DEBUG', 'debug'],
  ['debgu', null],
  ['dexuk', null],
  ['upstrxxm', 'upstream'],
  ['upstxxxm', null],
  ['up-stream', 'upstream'],
  ['Batch-Max-Size', 'batch_max_size'],
  ['batch_max_sixx', 'batch_max_size'],
  ['batch_max_xxxx', 'batch_max_size'],
  ['xatch_xax_xxxx', null],
  ['maximal_batch_size', null],
  ['queue_overflows', 'queue_overflow'],
  ['authorization_company_id_fieldxxxxxxxxxx', 'authorization_company_id_field'],
  ['authorization_company_id_fieldxxxxxxxxxxxxxxxxxx', null],
  ['authorization_company_id_fieldxxxxxxxxxxxxxxxxxxx', null],
  ['', null],
  ['x', null],
])('"%s" is not known: the nearest option is %s', async (name, near) => {
  expect(await said({ [name]: 1 })).toEqual([
    `option "${name}" is not known and ignored${near ? `. Did you mean "${near}"?` : '.'}`,
  ])
})

const privateOptions = Object.entries(schema.properties).flatMap(([name, { type }]) => {
  const isFlag = /^disable_(capture|body|metadata)/.test(name)
  return isFlag || [type].flat().includes('array') ? [name] : []
})

test.each(privateOptions)('a slip in %s keeps the plugin from capturing', async (name) => {
  const at = Math.min(9, name.length - 1)
  const misspelt = name.slice(0, at) + name.slice(at + 1)
  expect(await said({ [misspelt]: true })).toEqual([
    expect.stringMatching(
      new RegExp(`^capturing is off: option "${misspelt}" .* Did you mean "${name}"`),
    ),
  ])
})

const otherOptions = Object.keys(schema.properties).filter((name) => !privateOptions.includes(name))

test.each(otherOptions)(
  'a slip in %s is one in what has nothing to do with privacy',
  async (name) => {
    const lines = await said({ [`${name}z`]: true })

    expect(lines).toEqual([`option "${name}z" is not known and ignored. Did you mean "${name}"?`])
  },
)

test.each(['mask', 'disable_capture', 'redact', 'sensitive', 'log_body', 'logbody', 'hide'])(
  'an unknown option with "%s" in its name keeps the plugin from capturing',
  async (word) => {
    for (const name of [word, `zzzzz${word}`, `${word}zzzzz`, `zz${word.toUpperCase()}zz`]) {
      expect((await said({ [name]: true }))[0], name).toContain(
        `option "${name}" is not known, and looks as if something should be kept private`,
      )
    }
    expect(await said({ [`zzzzz${word.slice(0, -1)}`]: true })).toEqual([
      `option "zzzzz${word.slice(0, -1)}" is not known and ignored.`,
    ])
  },
)

test.each([
  ['<>', true],
  ['<x>', true],
  ['<x', false],
  ['x>', false],
  ['$x', true],
  ['{x', true],
  ['x{', false],
  ['your id', true],
  ['your_id', true],
  ['YOUR-ID', true],
  ['your-here', true],
  ['your_application_here', true],
  ['your.id', false],
  ['yourid', false],
  ['your', false],
  ['you-id', false],
  ['your-idx', false],
  ['your-her', false],
  ['my-your-id', false],
  ['live-id', false],
])('the application id "%s" is a placeholder: %s', async (id, is) => {
  const lines = await said({ moesif_application_id: id })

  expect(lines.join().includes('is still the placeholder')).toBe(is)
})

test('a list whose item cannot be read names the item, its character and the reason', async () => {
  expect(await said({ request_header_masks: ['a', 'b c'] })).toEqual([
    expect.stringMatching(/\["a","b c"\]: item 2 cannot be read on at its character 1: .*\.$/),
  ])
  expect(await said({ request_header_masks: ['', 'a'] })).toEqual([
    expect.stringMatching(/: item 1 cannot be read on at its character 1: .*\.$/),
  ])
  expect(await said({ request_body_masks: ['$.a', '$.b', '$.a[x]'] })).toEqual([
    expect.stringMatching(/: item 3 cannot be read on at its character 5: .*\.$/),
  ])
})

const lists: [name: string, good: unknown[], expected: string][] = [
  [
    'request_header_masks',
    ['a', 'x-*', 'cookie:a'],
    'a list of header names, as ["authorization", "x-internal-*", "cookie:session"].',
  ],
  [
    'response_header_masks',
    ['a', 'x-*', 'set-cookie:a'],
    'a list of header names, as ["set-cookie", "x-internal-*", "set-cookie:session"].',
  ],
  [
    'request_header_allow',
    ['a', 'x-*'],
    'a list of header names, as ["content-type", "x-public-*"].',
  ],
  [
    'response_header_allow',
    ['a', 'x-*'],
    'a list of header names, as ["content-type", "x-public-*"].',
  ],
  [
    'capture_body_content_types',
    ['text/*'],
    'a list of media types, as ["application/json", "text/*"].',
  ],
  ['request_query_masks', ['a'], 'a list of parameter names, as ["api_key", "token"].'],
  [
    'request_body_masks',
    ['a', '$.b'],
    'a list of member names and paths, as ["password", "$.card.number"].',
  ],
  [
    'response_body_masks',
    ['a', '$.b'],
    'a list of member names and paths, as ["password", "$.card.number"].',
  ],
  ['client_ip_sources', ['peer'], 'a list of sources, as ["header:x-forwarded-for:2", "peer"].'],
  ...['user_id', 'company_id', 'session_token', 'subscription_id', 'api_version'].map(
    (name): [string, unknown[], string] => [
      `${name}_sources`,
      ['header:a'],
      'a list of sources, as ["jwt:authorization:sub", "header:x-user-id"].',
    ],
  ),
]

test.each(lists)('%s takes %j, and says what it takes', async (name, good, expected) => {
  expect(await said({ [name]: good })).toEqual([])
  expect(await said({ [name]: [] })).toEqual([])
  for (const wrong of [true, 'a', 7, {}, [7], [...good, null]]) {
    expect(await said({ [name]: wrong })).toEqual([
      `capturing is off: option "${name}" is ${JSON.stringify(wrong)}, expected ${expected}`,
    ])
  }
})

test.each<[name: string, value: unknown, expected: string]>([
  ['debug', 'true', 'true or false.'],
  ['debug', [], 'true or false.'],
  ['batch_max_size', {}, 'a whole number from 1 to 1000.'],
  ['batch_max_size', false, 'a whole number from 1 to 1000.'],
  [
    'metadata',
    [],
    'an object of names and values, of 4096 bytes at most, without names that the plugin itself gives to metadata.',
  ],
  ['skip', {}, 'a list as [{"conditions": [{"path": "request.route", "value": "^/health"}]}].'],
  ['queue_overflow', 'drop', 'one of: drop_newest drop_oldest.'],
  ['queue_overflow', 'drop_oldest_', 'one of: drop_newest drop_oldest.'],
  ['queue_overflow', 'drop_newest drop_oldest', 'one of: drop_newest drop_oldest.'],
  ['queue_overflow', '', 'one of: drop_newest drop_oldest.'],
  ['queue_overflow', 1, 'one of: drop_newest drop_oldest.'],
  ['upstream', {}, 'a string of printable ASCII characters.'],
  ['upstream', true, 'a string of printable ASCII characters.'],
])('%s must not be %j', async (name, value, expected) => {
  expect(await said({ [name]: value })).toEqual([
    `capturing is off: option "${name}" is ${JSON.stringify(value)}, expected ${expected}`,
  ])
})

test('both choices of queue_overflow are understood', async () => {
  expect(await said({ queue_overflow: 'drop_newest' })).toEqual([])
  expect(await said({ queue_overflow: 'drop_oldest' })).toEqual([])
})

test.each([
  [0, 'a number'],
  [-1, 'a number'],
  [false, 'true or false'],
  [true, 'true or false'],
  [{}, 'an object'],
  [[], 'a list'],
  ['a b', 'a string'],
])('of an application id %j only its kind is shown', async (id, kind) => {
  expect(await said({ moesif_application_id: id })).toEqual([
    `capturing is off: option "moesif_application_id" is ${kind}, expected your Moesif application id, a string of printable ASCII characters.`,
  ])
})

test('an option that is given again begins anew: the last value counts, as if it stood alone', async () => {
  const emulator = await startPlugin()
  const text =
    '{"moesif_application_id":"first","moesif_application_id":"second","batch_max_size":7,"batch_max_size":1,' +
    '"request_header_masks":["x-a"],"request_header_masks":["x-b"],"metadata":{"a":1},"metadata":{"b":2},' +
    '"debug":true,"debug":null,"request_query_masks":["q"],"request_query_masks":null,' +
    '"request_header_allow":[],"request_header_allow":null,"skip":[{}],"skip":null,"user_id_sources":["header:x-a"],"user_id_sources":["header:x-b"],' +
    '"capture_body_content_types":["text/*"],"capture_body_content_types":["a/b"]}'
  emulator.configure(text)
  const headers = { 'x-a': 'a', 'x-b': 'b', 'content-type': 'text/plain' }
  emulator.worker(0).exchange({
    request: { path: '/?q=1', headers, method: 'POST', body: '{"x":1}' },
    response: { status: 200, headers: { 'content-type': 'a/b' }, body: '{"x":1}' },
  })

  const [call] = emulator.collector.calls
  expect(call?.headers['x-moesif-application-id']).toBe('second')
  const [event] = eventsOf(emulator)
  expect(event?.request.headers).toMatchObject({ 'x-a': 'a' })
  expect(event?.request.headers).not.toHaveProperty('x-b')
  expect(event?.request.uri).toContain('?q=1')
  expect(event?.metadata).toMatchObject({ b: 2 })
  expect(event?.metadata).not.toHaveProperty('a')
  expect(event?.user_id).toBe('b')
  expect(event?.request.body).toMatchObject({ length: 7 })
  expect(event?.response?.body).toBe(Buffer.from('{"x":1}').toString('base64'))
  expect(emulator.logs.messages('info')).toEqual([])
})

const givenAgain = (name: string) =>
  `option "${name}" is given more than once: the last value counts.`

test('two options of the same name are warned of once each time', async () => {
  expect(
    await said(
      '{"moesif_application_id":"x","debug":true,"debug":true,"upstream":"u","debug":false}',
    ),
  ).toEqual([givenAgain('debug'), givenAgain('debug')])
})

test.each<[options: Record<string, unknown>, user: unknown, company: unknown]>([
  [{}, undefined, undefined],
  [{ authorization_user_id_field: 'uid' }, 'u-1', undefined],
  [{ authorization_company_id_field: 'org.id' }, 's-1', 'o-1'],
  [{ authorization_header_name: 'x-token' }, undefined, undefined],
  [{ authorization_header_name: ' , authorization ,x-token' }, 's-1', undefined],
  [
    { authorization_header_name: 'x-token,authorization', authorization_user_id_field: 'a[0' },
    'a-1',
    undefined,
  ],
])('with %j a token says who asks', async (options, user, company) => {
  const claims = { sub: 's-1', uid: 'u-1', 'org.id': 'o-1', 'a[0': 'a-1' }
  const token = ['{"alg":"none"}', JSON.stringify(claims), ''].map((part) =>
    Buffer.from(part).toString('base64url'),
  )
  const emulator = await startPlugin(options)
  const headers = { authorization: `Bearer ${token.join('.')}` }
  emulator.worker(0).exchange({ request: { headers } })

  const [event] = eventsOf(emulator)
  expect([event?.user_id, event?.company_id]).toEqual([user, company])
})

test('a header that can be none is named, and the plugin does not capture', async () => {
  expect(await said({ authorization_header_name: 'a:b' })).toEqual([
    'capturing is off: option "authorization_header_name" is "a:b", expected the names of headers, separated by commas.',
  ])
})

test('a line of the log is cut at 480 bytes', async () => {
  const names = Array.from({ length: 9 }, (_, i) => `${i}${'x'.repeat(58)}`)
  const lines = await said({ [`mask${'x'.repeat(500)}`]: 1, metadata: names })

  expect(lines[0]).toMatch(/^capturing is off: option "maskx{56}\.\.\." is not known/)
  for (const line of lines) expect(line.length).toBeLessThanOrEqual(480)
})
