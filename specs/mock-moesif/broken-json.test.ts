import * as fc from 'fast-check'
import { getResponse } from 'msw'
import { afterAll, expect, test } from 'vitest'
import { findBreak } from '#mock-moesif/collector/json-break.ts'
import { moesifHandlers } from '#mock-moesif/moesif-handlers.ts'

// Of a body that is not JSON, the answer says where it breaks.

const moesif = moesifHandlers()
afterAll(() => moesif.close())

async function problemOf(path: string, body: string) {
  const answer = await getResponse(
    [...moesif],
    new Request(`https://api.moesif.net/v1/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-moesif-application-id': 'app' },
      body,
    }),
  )
  const { error, problems } = (await answer!.json()) as {
    error: string
    problems: { pointer: string; message: string }[]
  }
  expect(error).toContain('Nothing was stored')
  return problems.map(({ pointer, message }) => [pointer, message])
}

test.each([
  ['[{"request":{"time":"2026', '/0/request/time', 'the text ends inside a string'],
  ['[{"request":{"time":"2026\\', '/0/request/time', 'the text ends inside a string'],
  ['[{"request":{"time":"2026\\u00', '/0/request/time', 'the text ends inside a string'],
  ['[{"a":1},{"b":[1,{"c":tru', '/1/b/1/c', 'the text ends inside a value'],
  ['[{"a":1},{"b":[1,', '/1/b/1', 'the text ends inside an array'],
  ['[{"a":1},{"b":[1]', '/1', 'the text ends inside an object'],
  ['[{"a":1},{"b', '/1', 'the text ends inside a string'],
  ['[{"a":1},{"b":', '/1/b', 'the text ends inside an object'],
  ['[{"a":1}', '/0', 'the text ends inside an array'],
  ['[{"a/b":{"c~d":[}}]', '/0/a~1b/c~0d/0', 'unexpected "}" at byte 16'],
  ['[{"a":1},{"a":tru}]', '/1/a', expect.stringMatching(/token/i)],
  ['[{"a":1} {"a":1}]', '/0', expect.stringContaining('after JSON')],
  ['[{"a":"\\x"', '/0/a', 'unexpected "\\\\" at byte 7'],
  ['[{},tru]', '/1', expect.stringMatching(/token|JSON/i)],
] as const)('says where a batch breaks: %s', async (body, pointer, message) => {
  expect(await problemOf('events/batch', body)).toEqual([[pointer, message]])
})

test.each([
  ['{"request":{"time":"2026', '/request/time', 'the text ends inside a string'],
  ['{"request":{"time":2026x}}', '/request/time', expect.stringMatching(/JSON/)],
  ['{"a":1}}', '', expect.stringMatching(/JSON/)],
] as const)('says where an event breaks: %s', async (body, pointer, message) => {
  expect(await problemOf('events', body)).toEqual([[pointer, message]])
})

const parses = (text: string) => {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

test('finds a break exactly where JSON.parse does, and says of a text that was cut that it ends', () => {
  fc.assert(
    fc.property(
      fc.json(),
      fc.nat(),
      fc.nat(1),
      fc.string({ maxLength: 2 }),
      (json, at, gap, put) => {
        const place = at % (json.length + 1)
        const cut = json.slice(0, place)
        const changed = cut + put + json.slice(place + gap)
        expect(findBreak(Buffer.from(changed)) === undefined).toBe(parses(changed.toWellFormed()))
        if (/^\s*[[{]/.test(cut) && !parses(cut))
          expect(findBreak(Buffer.from(cut))!.isCutOff).toBe(true)
      },
    ),
    { numRuns: 1500 },
  )
})

test('survives brackets that nest without end', () => {
  const { pointer, message } = findBreak(Buffer.from('[{"a":'.repeat(200_000)))!

  expect(pointer.length).toBeLessThan(600)
  expect(message).toBe('the text ends inside an object')
})
