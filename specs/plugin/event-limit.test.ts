import { expect, test } from 'vitest'
import type { ExchangeScript } from '#sandbox/emulated-plugin/index.ts'
import { schemaErrors } from '#specs/support/event-schema.ts'
import { eventOf } from './support/plugin-under-test.ts'

const LIMIT = 1_000_000
const options = {
  request_max_body_size_limit: LIMIT,
  response_max_body_size_limit: LIMIT,
  batch_max_bytes: 10_000_000,
}
const tooLong = 'body left out: it would make the event longer than 1000000 bytes'

async function cutEvent(script: ExchangeScript, more: Record<string, unknown> = {}) {
  const event = await eventOf(script, { ...options, ...more })
  expect(JSON.stringify(event).length).toBeLessThanOrEqual(LIMIT)
  expect(schemaErrors(event)).toEqual([])
  return event
}

const [SHORT, LONG, LONGER] = [10, 600_000, 700_000]
const manyHeaders = Array.from({ length: 5000 }, (_, i) => [`x-${i}`, 'v'.repeat(2000)] as const)

test.each<
  [what: string, request: number, response: number, kept: [boolean, boolean], headers?: object]
>([
  ['nothing goes when all fits', SHORT, LONG, [true, true]],
  ['of two bodies the longer one goes', LONGER, LONG, [false, true]],
  ['of two bodies the longer one goes', LONG, LONGER, [true, false]],
  ['of two as long as each other the response goes', LONG, LONG, [true, false]],
  ['both go when one is not enough', 900_000, 800_000, [false, false]],
  ['both go when one is not enough', 800_000, 900_000, [false, false]],
  ['both go before the ends of values', 20, SHORT, [false, false], { 'x-long': 'v'.repeat(LIMIT) }],
  ['both go before the ends of values', SHORT, 20, [false, false], { 'x-long': 'v'.repeat(LIMIT) }],
  ['both go before all headers', 20, SHORT, [false, false], manyHeaders],
  ['both go before all headers', SHORT, 20, [false, false], manyHeaders],
])('%s: %i and %i bytes', async (_, request, response, kept, headers = {}) => {
  const event = await cutEvent({
    request: {
      method: 'POST',
      body: 'x'.repeat(request),
      headers: headers as Record<string, string>,
    },
    response: { body: 'y'.repeat(response) },
  })

  for (const [index, [length, message]] of [
    [request, event.request] as const,
    [response, event.response] as const,
  ].entries()) {
    const isKept = message?.transfer_encoding === 'base64'
    expect(isKept).toBe(kept[index])
    if (!isKept) expect(message?.body).toEqual({ msg: tooLong, length })
  }
})

test('headers of megabytes are cut value by value, and metadata says so, even when switched off', async () => {
  const request = { headers: { 'x-long': 'v'.repeat(3_000_000), 'x-short': 'kept' } }

  for (const disable_metadata of [false, true]) {
    const event = await cutEvent({ request }, { disable_metadata })

    expect(event.metadata?.['truncated']).toBe('header values')
    expect(event.request.headers).toMatchObject({ 'x-long': 'v'.repeat(1024), 'x-short': 'kept' })
  }
})

test('a character that the cut of a header value divides is replaced', async () => {
  const event = await cutEvent({
    request: { headers: { 'x-long': `${'v'.repeat(1023)}${'é'.repeat(1_000_000)}` } },
  })

  expect(event.request.headers['x-long']).toBe(`${'v'.repeat(1023)}\ufffd`)
})

test('headers too many for any cut go altogether', async () => {
  const event = await cutEvent({
    request: { headers: manyHeaders, path: `/ ${'x'.repeat(2_000_000)}` },
  })

  expect(event.metadata?.['truncated']).toBe('headers')
  expect(event.request.headers).toEqual({})
  expect(event.request.uri).toMatch(/^https?:\/\/[^/]+\/%20x{8190}$/)
})

test('what is read from headers is cut like them', async () => {
  const headers = { 'x-user-id': 'u'.repeat(2_000_000), 'x-request-id': 'r'.repeat(2_000_000) }
  const request = { method: 'M'.repeat(2_000_000), authority: 'a'.repeat(2_000_000), headers }

  const event = await cutEvent({ request }, { user_id_header: 'x-user-id' })

  expect(event.user_id).toBe('u'.repeat(1024))
  expect(event.metadata).toMatchObject({ truncated: 'headers', request_id: 'r'.repeat(1024) })
})

test('bytes that grow when escaped count as what they become', async () => {
  const headers = { 'x-control': '\u0001'.repeat(200_000) }

  const event = await cutEvent({ request: { headers } })

  expect(event.metadata?.['truncated']).toBe('header values')
})

/** A request of so many characters as JSON. */
const withBody = async (length: number) =>
  await cutEvent({
    request: {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: `"${'x'.repeat(length)}"`,
    },
  })

test('an event of exactly the limit is whole, one of a byte more is cut', async () => {
  const short = await withBody(1000)
  const fitting = 1000 + LIMIT - JSON.stringify(short).length

  expect(JSON.stringify(await withBody(fitting))).toHaveLength(LIMIT)
  expect((await withBody(fitting + 1)).request.body).toMatchObject({ msg: tooLong })
})
