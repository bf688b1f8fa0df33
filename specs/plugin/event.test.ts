import { expect, test } from 'vitest'
import { schemaErrors } from '#specs/support/event-schema.ts'
import { eventOf } from './support/plugin-under-test.ts'

const everything = {
  request: {
    method: 'POST',
    path: '/orders?draft=1',
    headers: {
      'content-type': 'application/json',
      'x-user-id': 'u1',
      'x-company-id': 'c1',
      'x-api-version': '2026-11',
      traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
    },
    body: '{"id":1}',
  },
  response: { status: 201, headers: { 'content-type': 'text/plain' }, body: 'created' },
  durationMs: 42,
  properties: { 'source.address': '203.0.113.7:4711' },
}

test('an event has every field that is known', async () => {
  const options = { user_id_header: 'X-User-Id', company_id_header: 'X-Company-Id' }

  const event = await eventOf(everything, options)

  expect(schemaErrors(event)).toEqual([])
  expect(event).toMatchObject({
    request: {
      time: '2026-01-02T03:04:05.678Z',
      uri: 'http://api.example.com/orders?draft=1',
      verb: 'POST',
      headers: { 'x-user-id': 'u1' },
      ip_address: '203.0.113.7',
      api_version: '2026-11',
      transfer_encoding: 'json',
      body: { id: 1 },
    },
    response: {
      time: '2026-01-02T03:04:05.720Z',
      status: 201,
      headers: { 'content-type': 'text/plain' },
      transfer_encoding: 'base64',
      body: Buffer.from('created').toString('base64'),
    },
    direction: 'Incoming',
    user_id: 'u1',
    company_id: 'c1',
    trace_id: '0af7651916cd43dd8448eb211c80319c',
  })
})

test('what is not known is absent, never null', async () => {
  const event = await eventOf({}, { disable_metadata: true })

  expect(schemaErrors(event)).toEqual([])
  expect(Object.keys(event).sort()).toEqual(['direction', 'request', 'response', 'transaction_id'])
  expect(Object.keys(event.request).sort()).toEqual([
    'headers',
    'ip_address',
    'time',
    'uri',
    'verb',
  ])
  expect(Object.keys(event.response ?? {}).sort()).toEqual(['headers', 'status', 'time'])
})
