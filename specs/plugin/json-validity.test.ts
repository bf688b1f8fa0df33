import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { eventsOf, startPlugin } from './support/plugin-under-test.ts'

/** Whether the plugin takes each text for JSON. */
async function judge(texts: Uint8Array[]): Promise<boolean[]> {
  const emulator = await startPlugin({ batch_max_size: 1000 })
  const headers = { 'content-type': 'application/json' }
  for (const body of texts)
    emulator.worker(0).exchange({ request: { method: 'POST', headers, body } })
  return eventsOf(emulator).map((event) => event.request.transfer_encoding === 'json')
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

function isJson(bytes: Uint8Array): boolean {
  try {
    JSON.parse(decoder.decode(bytes))
    return true
  } catch {
    return false
  }
}

async function agree(texts: Uint8Array[]): Promise<void> {
  const verdicts = await judge(texts)
  for (const [index, text] of texts.entries()) {
    expect(verdicts[index], JSON.stringify(Buffer.from(text).toString('latin1'))).toBe(isJson(text))
  }
}

test('what JSON.parse writes and reads, the plugin takes for JSON', async () => {
  const texts = fc
    .sample(fc.jsonValue({ maxDepth: 6 }), 300)
    .map((value, i) => Buffer.from(JSON.stringify(value, null, i % 3)))

  expect(await judge(texts)).toEqual(texts.map(() => true))
})

test('JSON with bytes removed, doubled or replaced is judged as JSON.parse judges it', async () => {
  const mutation = fc.record({
    text: fc.json({ maxDepth: 4 }),
    at: fc.nat(),
    kind: fc.constantFrom('remove', 'double', 'replace'),
    byte: fc.oneof(fc.constantFrom(...Buffer.from('{}[]",:\\ \n0-+.eEtfn\0')), fc.nat(255)),
  })

  await agree(
    fc.sample(mutation, 500).map(({ text, at, kind, byte }) => {
      const bytes = Buffer.from(text)
      const index = at % bytes.length
      const here = { remove: [], double: [bytes[index]!, bytes[index]!], replace: [byte] }[kind]!
      const mutated = Buffer.concat([
        bytes.subarray(0, index),
        Buffer.from(here),
        bytes.subarray(index + 1),
      ])
      return mutated.length > 0 ? mutated : Buffer.from('x')
    }),
  )
})

test('numbers are judged as JSON.parse judges them', async () => {
  const digits = fc.string({ unit: fc.constantFrom(...'0123.-+eE'), minLength: 1, maxLength: 7 })

  await agree(fc.sample(digits, 500).map((text) => Buffer.from(text)))
})

test('strings of any bytes, at every offset, are judged as JSON.parse judges them', async () => {
  const piece = fc.oneof(
    fc.constantFrom(
      '\\u00e9',
      '\\ud83d',
      '\\n',
      '\\x',
      '\\',
      '\\u12',
      '"',
      'é',
      '😀',
      '\u007f',
      '\n',
    ),
    fc.string({ maxLength: 20 }),
  )
  const texts = fc
    .sample(fc.array(piece, { maxLength: 5 }), 400)
    .map((pieces) => Buffer.from(`"${pieces.join('')}"`))
  const raw = fc
    .sample(fc.uint8Array({ maxLength: 24 }), 200)
    .map((bytes) => Buffer.concat([Buffer.from('"'), bytes, Buffer.from('"')]))

  await agree([...texts, ...raw])
})

const nested = (depth: number) => Buffer.from('['.repeat(depth) + ']'.repeat(depth))
const objects = (depth: number) => Buffer.from('{"a":'.repeat(depth) + '1' + '}'.repeat(depth))

test('depth is bounded: 256 levels are JSON, 257 and 90,000 are base64', async () => {
  expect(
    await judge([
      nested(256),
      nested(257),
      Buffer.from('['.repeat(90_000)),
      objects(256),
      objects(257),
    ]),
  ).toEqual([true, false, false, true, false])
})
