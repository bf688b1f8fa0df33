import { expect, test } from 'vitest'
import { validateConfiguration } from '#sandbox/emulated-plugin/index.ts'
import { eventsOf, pluginBytes, startPlugin } from './support/plugin-under-test.ts'

const GOOD = { moesif_application_id: 'an-application-id' }
const OFF = 'error moesif: configuration: capturing is off: '
const DOCUMENT =
  ', expected a JSON object with your Moesif application id, as {"moesif_application_id": "..."}.'

/** What the plugin says to a document with which it must not capture. */
const errorOf = async (document: unknown): Promise<string> => {
  const text = typeof document === 'string' ? document : JSON.stringify(document)
  const verdict = await validateConfiguration(await pluginBytes(), text)
  expect(verdict.accepted).toBe(true)
  expect(verdict.capturing).toBe(false)
  const lines = verdict.messages.map(({ level, message }) => `${level} ${message}`)
  const errors = lines.filter((line) => line.startsWith('error '))
  expect(errors, text).toHaveLength(1)
  return errors[0]?.replace(OFF, '') ?? ''
}

test('no configuration at all', async () => {
  expect(await errorOf('')).toBe(`there is no configuration${DOCUMENT}`)
})

test('what is not JSON', async () => {
  expect(await errorOf('moesif_application_id: x')).toBe(
    `the configuration is not JSON: cannot read on at byte 1 of 24${DOCUMENT}`,
  )
  expect(await errorOf('{"moesif_application_id":"x",}')).toContain('at byte 30 of 30')
  expect(await errorOf('{"moesif_application_id":"x"')).toContain('at byte 29 of 28')
  expect(await errorOf('{"a":'.repeat(5000))).toContain('not JSON')
})

test('JSON that is no object', async () => {
  for (const text of ['[]', '"moesif"', '7', 'null', 'true']) {
    expect(await errorOf(text)).toBe(`the configuration is no JSON object${DOCUMENT}`)
  }
})

test('no application id', async () => {
  const missing = `option "moesif_application_id" is missing${DOCUMENT}`
  for (const id of [undefined, null, '', '  ']) {
    expect(await errorOf({ moesif_application_id: id, debug: true })).toBe(missing)
  }
})

test('an application id that cannot be one is not shown', async () => {
  const expected =
    'option "moesif_application_id" is a string, expected your Moesif application id, a string of printable ASCII characters.'

  expect(await errorOf({ moesif_application_id: 's3cret with blanks' })).toBe(expected)
  expect(await errorOf({ moesif_application_id: 's3cret\r\nheader: injected' })).toBe(expected)
  expect(await errorOf({ moesif_application_id: 1234567 })).toMatch(/is a number, expected/)
  expect(await errorOf({ moesif_application_id: ['s3cret'] })).toMatch(/is a list, expected/)
  expect(await errorOf({ moesif_application_id: { s3cret: 1 } })).toMatch(/is an object, expected/)
  expect(await errorOf({ moesif_application_id: true })).toMatch(/is true or false, expected/)
})

test.each([
  ['batch_max_size', '100', 'a whole number from 1 to 1000.'],
  ['batch_max_wait', true, 'a whole number from 50 to 600000.'],
  ['debug', 'yes', 'true or false.'],
  ['debug', 1, 'true or false.'],
  ['enable_compression', 'true', 'true or false.'],
  ['upstream', 7, 'a string of printable ASCII characters.'],
  ['user_id_header', ['X-User-Id'], 'a header\'s name, as "X-User-Id".'],
  ['queue_overflow', 'drop_all', 'one of: drop_newest drop_oldest.'],
  ['disable_capture_request_body', 'true', 'true or false.'],
  ['disable_metadata', 0, 'true or false.'],
])('option %s with the value %j', async (option, value, expected) => {
  expect(await errorOf({ ...GOOD, [option]: value })).toBe(
    `option "${option}" is ${JSON.stringify(value)}, expected ${expected}`,
  )
})

test('masks that are not understood: a list that is none, names that are none', async () => {
  const wrong = [
    'authorization',
    'a,b',
    [['authorization']],
    [1],
    [null],
    [''],
    ['x y'],
    ['a:'],
    ['a@'],
    ['a['],
    ['a{'],
    ['a/'],
    ['a,b'],
    ['a\u007f'],
    ['\u00e9'],
    {},
  ]
  for (const masks of wrong) {
    for (const option of ['request_header_masks', 'response_header_masks']) {
      expect(await errorOf({ ...GOOD, [option]: masks })).toMatch(
        /expected a list of header names, as \[|: item 1 cannot be read on at its character \d: the name of a header is expected/,
      )
    }
  }
})

test.each([
  'request_header_mask',
  'Request-Header-Masks',
  'body_masks',
  'response_masks',
  'disable_capture_body',
  'disableCaptureRequestBody',
  'redact',
  // Near `user_id_header`, which is none.
  'mask_user_id_header',
  'logBody',
])('the unknown option %s, which looks like a matter of privacy', async (option) => {
  expect(await errorOf({ ...GOOD, [option]: true })).toContain(
    `option "${option}" is not known, and looks as if something should be kept private`,
  )
})

test('of several mistakes the first is logged, and how many more there are', async () => {
  expect(await errorOf({ ...GOOD, debug: 'on', upstream: 1, batch_max_size: 'x' })).toBe(
    'option "debug" is "on", expected true or false. (and 2 more)',
  )
})

test('a long value is shown shortened, on one line of ASCII', async () => {
  const line = await errorOf({ ...GOOD, debug: `é\n${'x'.repeat(500)}` })

  expect(line).toMatch(/^option "debug" is "\?\?\\nx{50,60}\.\.\., expected true or false\.$/)
})

test('traffic flows and nothing is captured or called; the metric says so', async () => {
  const emulator = await startPlugin({ debug: 'wrong' })

  const { stream } = emulator.worker(0).exchange({ request: { method: 'POST', body: 'x' } })

  expect(eventsOf(emulator)).toEqual([])
  expect(emulator.collector.calls).toEqual([])
  expect(emulator.metrics.get('moesif_configuration_invalid')).toBe(1)
  expect(stream.localResponse).toBeNull()
  expect(emulator.hostCalls.of('proxy_get_header_map_pairs').calls).toBe(0)
})

test('the next good configuration captures again, and the metric says so', async () => {
  const emulator = await startPlugin({ debug: 'wrong' })

  emulator.configure(GOOD)
  emulator.worker(0).exchange()

  expect(eventsOf(emulator)).toHaveLength(1)
  expect(emulator.metrics.get('moesif_configuration_invalid')).toBe(0)
})
