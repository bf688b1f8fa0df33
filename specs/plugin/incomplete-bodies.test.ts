import { expect, test } from 'vitest'
import type { ExchangeScript } from '#sandbox/emulator/index.ts'
import { schemaErrors } from '#specs/support/event-schema.ts'
import { eventOf } from './support/plugin-under-test.ts'

const headers = { 'content-type': 'application/json' }
const whole = { headers, body: '12345' }
const half = { headers, body: '12345', unfinished: true }
const post = { method: 'POST' }

test.each<[string, ExchangeScript, string]>([
  ['request', { request: { ...post, ...half }, response: null }, 'request body'],
  ['response', { response: half }, 'response body'],
  ['request and response', { request: { ...post, ...half }, response: half }, 'both bodies'],
])(
  'a %s whose end did not pass is base64, and the event says so',
  async (_, script, incomplete) => {
    const event = await eventOf(script)

    expect(schemaErrors(event)).toEqual([])
    expect(event.metadata).toMatchObject({ incomplete })
    if (script.request) expect(event.request.body).toBe('MTIzNDU=')
    if (script.response) expect(event.response?.body).toBe('MTIzNDU=')
  },
)

test('of two messages only the one whose end did not pass is marked', async () => {
  const request = await eventOf({ request: { ...post, ...half }, response: whole })
  const response = await eventOf({ request: { ...post, ...whole }, response: half })

  expect(request.metadata).toMatchObject({ incomplete: 'request body' })
  expect([request.request.body, request.response?.body]).toEqual(['MTIzNDU=', 12345])
  expect(response.metadata).toMatchObject({ incomplete: 'response body' })
  expect([response.request.body, response.response?.body]).toEqual([12345, 'MTIzNDU='])
})

test('without metadata it is all that stands there', async () => {
  const event = await eventOf({ response: half }, { disable_metadata: true })

  expect(schemaErrors(event)).toEqual([])
  expect(event.metadata).toEqual({ incomplete: 'response body' })
})

test.each<[string, ExchangeScript]>([
  ['HTTP/1', { request: { ...post, ...whole }, response: whole }],
  ['HTTP/2', { protocol: 'HTTP/2', request: { ...post, ...whole }, response: whole }],
  [
    'messages that end with trailers',
    {
      request: { ...post, ...whole, trailers: { a: 'b' } },
      response: { ...whole, trailers: { c: 'd' } },
    },
  ],
])('whole bodies are not marked: %s', async (_, script) => {
  const event = await eventOf(script)

  expect(event.metadata).not.toHaveProperty('incomplete')
  expect([event.request.body, event.response?.body]).toEqual([12345, 12345])
})

test('a message that ended early, and of whose body nothing passed, is not marked', async () => {
  const event = await eventOf({
    request: { ...post, ...half, body: '' },
    response: { status: 401, localReply: 'while-decoding' },
  })

  expect(event.metadata).not.toHaveProperty('incomplete')
})

test('what is incomplete cannot be masked, and is left out', async () => {
  const event = await eventOf({ response: half }, { response_body_masks: ['token'] })

  expect(schemaErrors(event)).toEqual([])
  expect(event.response?.body).toEqual({
    msg: 'body left out: it cannot be masked, since its end did not pass',
    length: 5,
  })
})
