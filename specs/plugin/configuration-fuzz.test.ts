import { readFile } from 'node:fs/promises'
import path from 'node:path'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { MoesifEmulator } from '#sandbox/emulated-plugin/index.ts'
import { pluginBytes } from './support/plugin-under-test.ts'

const schemaFile = path.resolve(import.meta.dirname, '../../plugin/config.schema.json')
const { properties } = JSON.parse(await readFile(schemaFile, 'utf8')) as {
  properties: Record<string, { minimum?: number; maximum?: number; examples?: unknown[] }>
}
const names = Object.keys(properties)
const SECRET = 'never-to-be-logged'

/** A value for an option: right, wrong, and wrong in odd ways. */
const value = fc.oneof(
  fc.constantFrom<unknown>(null, true, false, 'x', '', [], ['cookie'], {}, 0, -1, 1e21, 2.5),
  fc.jsonValue({ maxDepth: 3 }),
)
const document = fc.dictionary(
  fc.oneof(fc.constantFrom(...names), fc.string({ maxLength: 60 })),
  value,
  { maxKeys: 6 },
)

/** Configures one after the other, in one VM, and lets an exchange pass each. */
async function configureAll(texts: (string | Uint8Array)[]): Promise<MoesifEmulator> {
  const emulator = await MoesifEmulator.load(await pluginBytes())
  for (const [index, text] of texts.entries()) {
    const plugin = emulator.configure(text, { rootId: `root-${index}` })
    expect(plugin.accepted).toBe(true)
    emulator.worker(0).exchange({ request: { method: 'POST', body: '{}' } })
    emulator.advance(1)
    plugin.remove()
  }
  expect(emulator.traps).toEqual([])
  return emulator
}

test('any JSON object is accepted, and every line is printable and without the application id', async () => {
  const documents = fc.sample(document, 100)

  const emulator = await configureAll(
    documents.map((options) => JSON.stringify({ moesif_application_id: SECRET, ...options })),
  )

  const lines = emulator.logs.messages()
  const findings = lines.filter((line) => line.startsWith('moesif: configuration: '))
  expect(findings.length).toBeGreaterThan(50)
  for (const line of lines) {
    expect(line).not.toContain(SECRET)
    // An upstream that is not a cluster, for example, drops the event.
    expect(line).toMatch(/^moesif: (configuration|delivery|exchange): [ -~]+$/)
  }
})

test('any bytes are accepted', async () => {
  const bytes = fc.sample(fc.uint8Array({ maxLength: 200 }), 100)

  const emulator = await configureAll(bytes)

  expect(emulator.logs.messages('error')).toHaveLength(bytes.length)
})

test('a good document with bytes removed, doubled or replaced is accepted', async () => {
  const good = JSON.stringify({
    moesif_application_id: SECRET,
    batch_max_size: 12,
    request_header_masks: ['authorization', 'cookie'],
    user_id_header: 'X-User-Id',
    nested: { a: [1, 2, { b: null }] },
  })
  const edit = fc.record({
    at: fc.nat(good.length - 1),
    length: fc.nat(4),
    insert: fc.oneof(
      fc.uint8Array({ maxLength: 4 }),
      fc.constantFrom('"', '\\', '\\u', '{', '[', '}', '\0').map((text) => Buffer.from(text)),
    ),
  })

  const emulator = await configureAll(
    fc.sample(edit, 150).map(({ at, length, insert }) => {
      const bytes = Buffer.from(good)
      return Buffer.concat([bytes.subarray(0, at), insert, bytes.subarray(at + length)])
    }),
  )

  expect(emulator.collector.events().length).toBeGreaterThan(5)
  expect(emulator.logs.messages('error').length).toBeGreaterThan(20)
})

test('strings with any characters and escapes are read as JSON.parse reads them', async () => {
  const printable = fc.string({
    unit: fc.constantFrom(...'abcXYZ019-._~|/\\"&<>'),
    minLength: 1,
    maxLength: 40,
  })
  const ids = fc.sample(
    printable.filter((id) => !/^<.*>$/.test(id)),
    60,
  )
  const emulator = await MoesifEmulator.load(await pluginBytes())

  for (const [index, id] of ids.entries()) {
    const escaped = Array.from(id, (char, i) =>
      i % 2
        ? `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`
        : JSON.stringify(char).slice(1, -1),
    ).join('')
    const text = `{"moesif_application_id":"${escaped}","batch_max_size":1}`
    emulator.configure(text, { rootId: `root-${index}` })
    emulator.worker(0).exchange()
  }

  expect(emulator.collector.calls.map((call) => call.headers['x-moesif-application-id'])).toEqual(
    ids,
  )
})

test('hundreds of configurations in one VM leave its memory as it was', async () => {
  const texts = Array.from({ length: 200 }, (_, i) =>
    JSON.stringify({
      moesif_application_id: `${SECRET}-${i}`,
      request_header_masks: Array.from({ length: 20 }, (_unused, j) => `x-mask-${j}`),
      unknown_option: 'x'.repeat(200),
    }),
  )

  const emulator = await configureAll(texts.slice(0, 20))
  const before = emulator.memoryPages
  const after = await configureAll(texts)

  expect(after.memoryPages).toBe(before)
})

test('configurations that go give back what they held', async () => {
  const full = Object.fromEntries(
    Object.entries(properties).flatMap(([name, { examples }]) =>
      examples ? [[name, examples[0]]] : [],
    ),
  )
  const emulator = await MoesifEmulator.load(await pluginBytes())
  const round = (index: number) =>
    emulator.configure(JSON.stringify(full), { rootId: `root-${index}` }).remove()
  for (let index = 0; index < 50; index++) round(index)
  const pages = emulator.memoryPages

  for (let index = 50; index < 600; index++) round(index)

  expect(emulator.traps).toEqual([])
  expect(emulator.memoryPages).toBe(pages)
})
