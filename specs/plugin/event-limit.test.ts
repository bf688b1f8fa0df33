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

test('the longer body goes first, the other stays when that is enough', async () => {
  const event = await cutEvent({
    request: { method: 'POST', body: 'x'.repeat(500_000) },
    response: { body: 'y'.repeat(600_000) },
  })

  expect(event.request.transfer_encoding).toBe('base64')
  expect(event.response?.body).toEqual({ msg: tooLong, length: 600_000 })
})

test('both bodies go when one is not enough', async () => {
  const event = await cutEvent({
    request: { method: 'POST', body: 'x'.repeat(900_000) },
    response: { body: 'y'.repeat(800_000) },
  })

  expect(event.request.body).toEqual({ msg: tooLong, length: 900_000 })
  expect(event.response?.body).toEqual({ msg: tooLong, length: 800_000 })
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
  const pairs = Array.from({ length: 5000 }, (_, i) => [`x-${i}`, 'v'.repeat(2000)] as const)

  const event = await cutEvent({ request: { headers: pairs, path: '/'.repeat(2_000_000) } })

  expect(event.metadata?.['truncated']).toBe('headers')
  expect(event.request.headers).toEqual({})
  expect(event.request.uri).toMatch(/^https?:\/\/[^/]+\/{8192}$/)
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
