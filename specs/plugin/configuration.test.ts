import { expect, test } from 'vitest'
import { validateConfiguration } from '#sandbox/emulated-plugin/index.ts'
import { eventsOf, pluginBytes, startPlugin } from './support/plugin-under-test.ts'

const GOOD = { moesif_application_id: 'an-application-id' }

/** What the plugin says to a document. */
const judge = async (document: unknown) => {
  const text = typeof document === 'string' ? document : JSON.stringify(document)
  const { accepted, capturing, messages } = await validateConfiguration(await pluginBytes(), text)
  expect(accepted).toBe(true)
  return { capturing, lines: messages.map(({ level, message }) => `${level} ${message}`) }
}

test('the application id alone is enough, and nothing is said', async () => {
  expect(await judge(GOOD)).toEqual({ capturing: true, lines: [] })
})

test('every option of the official plugin is understood', async () => {
  const official = {
    ...GOOD,
    user_id_header: 'X-User-Id',
    company_id_header: 'X-Company-Id',
    batch_max_size: 50,
    batch_max_wait: 5000,
    upstream: 'outbound|443||api.moesif.net',
    debug: false,
    base_uri: 'api.moesif.net',
    connection_timeout: 5000,
  }

  expect(await judge(official)).toEqual({ capturing: true, lines: [] })
})

test('null is as good as absent', async () => {
  const nothing = {
    user_id_header: null,
    batch_max_size: null,
    debug: null,
    request_header_masks: null,
    queue_overflow: null,
  }

  expect(await judge({ ...GOOD, ...nothing })).toEqual({ capturing: true, lines: [] })
})

test('an empty text is as good as absent', async () => {
  const nothing = { user_id_header: '', company_id_header: ' ', upstream: '', base_uri: '' }

  expect(await judge({ ...GOOD, ...nothing })).toEqual({ capturing: true, lines: [] })
})

test.each([
  [0, 1],
  [5000, 1000],
  [-3, 1],
  [1e300, 1000],
])('batch_max_size %d keeps capturing with %d and a warning', async (given, used) => {
  const { capturing, lines } = await judge({ ...GOOD, batch_max_size: given })

  expect(capturing).toBe(true)
  const number = JSON.stringify(given)
  expect(lines).toEqual([
    `warn moesif: configuration: option "batch_max_size" is ${number}, which is out of range: ${used} is used. Expected a whole number from 1 to 1000.`,
  ])
})

test('a number out of range is what is used', async () => {
  const emulator = await startPlugin({ batch_max_size: 0 })

  emulator.worker(0).exchange()
  emulator.worker(0).exchange()

  const sizes = emulator.collector.calls.map(
    (call) => JSON.parse(Buffer.from(call.body).toString()).length,
  )
  expect(sizes).toEqual([1, 1])
})

test('a fraction is rounded down, with a warning', async () => {
  const { capturing, lines } = await judge({ ...GOOD, batch_max_size: 2.9 })

  expect(capturing).toBe(true)
  expect(lines).toEqual([
    'warn moesif: configuration: option "batch_max_size" is 2.9, which is not a whole number: 2 is used. Expected a whole number from 1 to 1000.',
  ])
})

test.each(['100', '1e2', '1.0e+2', '10000e-2', '100.000'])(
  '%s is the number 100',
  async (number) => {
    const text = `{"moesif_application_id":"x","batch_max_size":${number}}`

    expect(await judge(text)).toEqual({ capturing: true, lines: [] })
  },
)

test('an unknown option is a warning that names the nearest known one', async () => {
  expect((await judge({ ...GOOD, batch_max_sise: 10 })).lines).toEqual([
    'warn moesif: configuration: option "batch_max_sise" is not known and ignored. Did you mean "batch_max_size"?',
  ])
  expect((await judge({ ...GOOD, 'User-Id-Header': 'x' })).lines).toEqual([
    'warn moesif: configuration: option "User-Id-Header" is not known and ignored. Did you mean "user_id_header"?',
  ])
  expect(await judge({ ...GOOD, event_queue_size: { nested: [1, { deep: '}' }] } })).toEqual({
    capturing: true,
    lines: ['warn moesif: configuration: option "event_queue_size" is not known and ignored.'],
  })
})

test('an option given twice is a warning, and the last value counts', async () => {
  const text = '{"moesif_application_id":"x","batch_max_size":5,"batch_max_size":7}'

  const { lines } = await judge(text)

  expect(lines).toEqual([
    'warn moesif: configuration: option "batch_max_size" is given more than once: the last value counts.',
  ])
})

test('a header name that cannot be one is ignored, with a warning', async () => {
  const { capturing, lines } = await judge({ ...GOOD, user_id_header: 'X User' })

  expect(capturing).toBe(true)
  expect(lines).toEqual([
    `warn moesif: configuration: option "user_id_header" is "X User", which is ignored. Expected a header's name, as "X-User-Id".`,
  ])
})

test('a document as Istio writes it is understood: escapes, doubles, sorted keys', async () => {
  const emulator = await startPlugin()
  const text = String.raw`{"batch_max_size":5.0,"moesif_application_id":"a\u0026b\u003c\u003e","user_id_header":"\u0058-User\u002did"}`
  emulator.configure(text)

  emulator.worker(0).exchange({ request: { headers: { 'x-user-id': 'u1' } } })

  expect(eventsOf(emulator)[0]?.user_id).toBe('u1')
  expect(emulator.collector.calls[0]?.headers['x-moesif-application-id']).toBe('a&b<>')
})

test('a byte order mark and white space are no obstacle', async () => {
  const text = `\ufeff \r\n\t{ "moesif_application_id" : "x" , "debug" : false } \n`

  expect(await judge(text)).toEqual({ capturing: true, lines: [] })
})
