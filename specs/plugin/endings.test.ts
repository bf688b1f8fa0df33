import { expect, test } from 'vitest'
import type { ResponseScript } from '#sandbox/emulated-plugin/index.ts'
import { schemaErrors } from '#specs/support/event-schema.ts'
import { eventOf, eventsOf, startPlugin } from './support/plugin-under-test.ts'
import { NOTHING } from '#specs/support/nothing.ts'

test('Envoy answers itself: the event shows that answer', async () => {
  const event = await eventOf({
    request: { method: 'POST', body: 'never shown to the filter' },
    response: { status: 404, localReply: 'while-decoding' },
    facts: { codeDetails: 'route_not_found', responseFlags: 256, clusterName: null },
  })

  expect(schemaErrors(event)).toEqual([])
  expect(event.response?.status).toBe(404)
  expect(event.request).not.toHaveProperty('body')
  expect(event.metadata).toMatchObject({
    response_code_details: 'route_not_found',
    response_flags: 'NR',
  })
})

test('refused by a filter before this one: the event is made of what on_log shows', async () => {
  const event = await eventOf({
    refusedBeforeFilter: true,
    request: { path: '/admin', headers: { 'x-user-id': 'u1' } },
    response: { status: 403, body: 'RBAC: access denied' },
    facts: { codeDetails: 'rbac_access_denied_matched_policy[p]' },
  })

  expect(schemaErrors(event)).toEqual([])
  expect(event.request).toMatchObject({ uri: 'http://api.example.com/admin', verb: 'GET' })
  expect(event.response?.status).toBe(403)
  expect(event.metadata?.['response_code_details']).toBe('rbac_access_denied_matched_policy[p]')
})

test('the client left before a response began: no response, and the flags say why', async () => {
  const event = await eventOf({
    request: { method: 'POST', body: ['half'], unfinished: true },
    response: null,
  })

  expect(schemaErrors(event)).toEqual([])
  expect(event).not.toHaveProperty('response')
  expect(event.request.body).toBe(Buffer.from('half').toString('base64'))
  expect(event.metadata).toMatchObject({
    response_code_details: 'downstream_remote_disconnect',
    response_flags: 'DC',
  })
})

test('reset in the middle of a response: its status, what passed of its body, and the flags', async () => {
  const event = await eventOf({
    response: {
      status: 200,
      headers: { 'content-type': 'application/json' },
      body: ['{"items":[1,'],
      unfinished: true,
    },
    facts: {
      codeDetails: 'upstream_reset_after_response_started{protocol_error}',
      responseFlags: 8_388_608,
    },
  })

  expect(schemaErrors(event)).toEqual([])
  expect(event.response).toMatchObject({
    status: 200,
    transfer_encoding: 'base64',
    body: Buffer.from('{"items":[1,').toString('base64'),
  })
  expect(event.metadata?.['response_flags']).toBe('UPE')
})

test('what the codec could not read is no HTTP request and no event', async () => {
  const emulator = await startPlugin()
  const stream = emulator.worker(0).stream()
  stream.facts.responseCode = 400

  stream.end({ requestHeaders: {}, responseHeaders: { ':status': '400' } })

  expect(eventsOf(emulator)).toEqual([])
  expect(emulator.metrics.get('moesif_events_captured_total')).toBe(0)
})

test('a status that only the property has is in the event', async () => {
  const emulator = await startPlugin()
  const stream = emulator.worker(0).stream()
  stream.requestHeaders(
    { ':method': 'GET', ':path': '/', ':authority': 'a' },
    { endOfStream: true },
  )
  stream.facts.responseCode = 503

  stream.end({ responseHeaders: {} })

  expect(eventsOf(emulator)[0]?.response).toMatchObject({ status: 503, headers: NOTHING })
})

test('every flag has the name that access logs give it', async () => {
  const facts = { codeDetails: 'local_reply', responseFlags: 2 ** 30 - 1 }

  const event = await eventOf({ response: { localReply: 'by-router' }, facts })

  expect(event.metadata?.['response_flags']).toBe(
    'LH,UH,UT,LR,UR,UF,UC,UO,NR,DI,FI,RL,UAEX,RLSE,DC,URX,SI,IH,DPE,UMSDR,RFCF,NFCF,DT,UPE,NC,OM,DF,DO,DR,UDO',
  )
})

const flagsOf = async (status: number, codeDetails: string, response: ResponseScript = {}) => {
  const facts = { codeDetails, responseFlags: 32_768 }
  const event = await eventOf({ response: { ...response, status }, facts })
  return event.metadata?.['response_flags']
}

test('flags are not even asked for when an upstream answered well', async () => {
  expect(await flagsOf(200, 'via_upstream')).toBeUndefined()
  expect(await flagsOf(399, 'via_upstream')).toBeUndefined()
  expect(await flagsOf(400, 'via_upstream')).toBe('URX')
  expect(await flagsOf(503, 'via_upstream')).toBe('URX')
  expect(await flagsOf(200, 'via_upstream', { unfinished: true })).toBeUndefined()
  expect(await flagsOf(200, 'direct_response', { localReply: 'by-router' })).toBe('URX')
})
