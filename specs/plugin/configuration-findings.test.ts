import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { MoesifEmulator, validateConfiguration } from '#sandbox/emulated-plugin/index.ts'
import { pluginBytes } from './support/plugin-under-test.ts'

const PREFIX = 'moesif: configuration: finding: '

/** The findings as a program reads them, each with the text of the document that it is about. */
async function findings(text: string): Promise<unknown[]> {
  const options = { logLevel: 'debug' } as const
  const { messages } = await validateConfiguration(await pluginBytes(), text, options)
  return messages
    .filter(({ level, message }) => level === 'debug' && message.startsWith(PREFIX))
    .map(({ message }) => {
      const { at, ...finding } = JSON.parse(message.slice(PREFIX.length)) as { at?: number }
      const about = at === undefined ? undefined : text.slice(at, at + 6)
      return Object.assign(finding, { about })
    })
}

test('every error of a document is a finding with its place, message and remedy', async () => {
  const text = '{"moesif_application_id":"a","batch_max_size":"ten", "debug":"x\\"y\\\\"}'

  expect(await findings(text)).toEqual([
    {
      severity: 'error',
      about: '"ten",',
      message: 'option "batch_max_size" is "ten"',
      remedy: 'expected a whole number from 1 to 1000.',
    },
    {
      severity: 'error',
      about: '"x\\"y\\',
      message: String.raw`option "debug" is "x\"y\\"`,
      remedy: 'expected true or false.',
    },
  ])
})

test('warnings are findings, too', async () => {
  const text = '{"moesif_application_id":"a","batch_max_sise":5,"batch_max_wait":1,"debug":1e-0}'

  expect(await findings(text)).toEqual([
    {
      severity: 'warning',
      about: '"batch',
      message: 'option "batch_max_sise" is not known and ignored',
      remedy: 'Did you mean "batch_max_size"?',
    },
    {
      severity: 'warning',
      about: '1,"deb',
      message: expect.stringMatching(/^option "batch_max_wait" is 1, which is out of range/),
      remedy: expect.stringMatching(/^Expected a whole number from/),
    },
    expect.objectContaining({ severity: 'error', about: '1e-0}' }),
  ])
})

test('what is about the whole document has no place', async () => {
  for (const text of ['', '[]', '{}']) {
    expect(await findings(text)).toEqual([
      {
        severity: 'error',
        about: undefined,
        message: expect.any(String),
        remedy:
          'expected a JSON object with your Moesif application id, as {"moesif_application_id": "..."}.',
      },
    ])
  }
})

test('broken JSON has the place where reading ends, behind a byte order mark, too', async () => {
  expect(await findings('{"debug":true,}')).toMatchObject([{ severity: 'error', about: '}' }])
  expect(await findings('\ufeff{"debug":?}')).toMatchObject([{ severity: 'error' }])
})

test.each([
  '<YOUR APPLICATION ID HERE>',
  '<id>',
  '${MOESIF_APPLICATION_ID}',
  '{{ .Values.moesif.applicationId }}',
  'YOUR_MOESIF_APPLICATION_ID',
  'your-application-id-here',
])('%s is still the placeholder', async (id) => {
  expect(await findings(JSON.stringify({ moesif_application_id: id }))).toEqual([
    {
      severity: 'error',
      about: JSON.stringify(id).slice(0, 6),
      message: 'option "moesif_application_id" is still the placeholder',
      remedy: expect.stringMatching(/^expected your Moesif application id/),
    },
  ])
})

test.each(['a', 'id', 'your', 'your-app', 'yours', 'eyJhcHAiOiIx.MjM0-_id', 'a<b>'])(
  '%s is an application id',
  async (id) => {
    expect(await findings(JSON.stringify({ moesif_application_id: id }))).toEqual([])
  },
)

test('below level debug a finding is a line of the log only', async () => {
  const { messages } = await validateConfiguration(await pluginBytes(), '[]', { logLevel: 'info' })

  expect(messages.map(({ level }) => level)).toEqual(['error'])
})

test('findings of any document can be read', async () => {
  const name = fc.oneof(fc.constantFrom('debug', 'batch_max_size', 'mask'), fc.string())
  const documents = fc.sample(fc.dictionary(name, fc.jsonValue({ maxDepth: 2 })), 60)

  const found = await Promise.all(documents.map((options) => findings(JSON.stringify(options))))

  expect(found.flat()).not.toEqual([])
})

test('findings of one document are not those of the next', async () => {
  const emulator = await MoesifEmulator.load(await pluginBytes(), { logLevel: 'debug' })
  const found = [{ batch_max_sise: 1 }, {}, { debug: 1 }, {}].map((options) => {
    emulator.logs.entries.length = 0
    emulator.configure({ moesif_application_id: 'a', ...options })
    return emulator.logs.messages('debug').filter((line) => line.startsWith(PREFIX)).length
  })

  expect(found).toEqual([1, 0, 1, 0])
})

test('a name that is much longer than any option is like none of them', async () => {
  for (const length of [48, 49, 144, 2000]) {
    const [finding] = await findings(`{"moesif_application_id":"a","${'x'.repeat(length)}":1}`)
    expect(finding).not.toHaveProperty('remedy')
  }
})
