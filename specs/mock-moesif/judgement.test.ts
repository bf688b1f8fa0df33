import { expect, test } from 'vitest'
import { eventTime } from '#mock-moesif/judgement/event-time.ts'
import { judge } from '#mock-moesif/judgement/judge.ts'
import type { MoesifEvent } from '#mock-moesif/index.ts'
import { sampleEvent, withStatus, withUri } from './sample.ts'

const MINUTE = 60_000
const judged = (event: unknown, size = 1000) => judge(event, size, Date.now())

function withRequest(change: Partial<MoesifEvent['request']>): MoesifEvent {
  const event = sampleEvent()
  return { ...event, request: { ...event.request, ...change } }
}

test('finds nothing to remark on a good event', () => {
  const cut = { envoy: { incomplete: 'response body' } }
  expect(judged(sampleEvent({ metadata: cut }))).toEqual({ verdict: 'good', findings: [] })
  expect(judged(sampleEvent())).toEqual({ verdict: 'good', findings: [] })
})

test.each([
  ['no request', {}, '/request', 'request is required'],
  ['no time', withRequest({ time: undefined as never }), '/request/time', 'time is required'],
  ['a time that is none', withRequest({ time: 'yesterday' }), '/request/time', 'ISO-8601'],
  [
    'a date that does not exist',
    withRequest({ time: '2026-13-45T00:00:00Z' }),
    '/request/time',
    'not a date',
  ],
  ['an empty URI', withUri(''), '/request/uri', 'must not be empty'],
  ['a status as text', withStatus('200' as never), '/response/status', 'must be an integer'],
  [
    'headers as a list',
    withRequest({ headers: [] as never }),
    '/request/headers',
    'must be an object',
  ],
  ['metadata as text', sampleEvent({ metadata: 'x' as never }), '/metadata', 'an object or null'],
  ['something else entirely', 7, '', 'must be an object'],
] as const)('calls bad: %s', (_name, event, pointer, message) => {
  const { verdict, findings } = judged(event)

  expect(verdict).toBe('bad')
  expect(findings).toContainEqual({
    severity: 'error',
    pointer,
    message: expect.stringContaining(message) as string,
  })
})

test('calls bad what is over 30 days old', () => {
  const time = new Date(Date.now() - 31 * 24 * 60 * MINUTE).toISOString()
  expect(judged(withRequest({ time }))).toMatchObject({
    verdict: 'bad',
    findings: [{ pointer: '/request/time' }],
  })
})

test.each([
  ['a path for a URI', withUri('/orders'), '/request/uri'],
  ['over 500 query keys', withUri(`https://a.b/?${'k=1&'.repeat(501)}`), '/request/uri'],
  ['no client address', withRequest({ ip_address: null }), '/request/ip_address'],
  [
    'a late event',
    withRequest({ time: new Date(Date.now() - 6 * MINUTE).toISOString() }),
    '/request/time',
  ],
  [
    'an event of the future',
    { ...withRequest({ time: new Date(Date.now() + 6 * MINUTE).toISOString() }), response: null },
    '/request/time',
  ],
  [
    'a header as array',
    withRequest({ headers: { 'a/b': ['x', 'y'] as never } }),
    '/request/headers/a~1b',
  ],
  [
    'an HTTP transfer encoding',
    withRequest({ transfer_encoding: 'chunked' as never }),
    '/request/transfer_encoding',
  ],
  [
    'base64 without its label',
    withRequest({ body: 'H4sIAAAAAAAAA6tWKkktLlGyUlAqS8wpTgUAc5kSnBMAAAA=' }),
    '/request/transfer_encoding',
  ],
  [
    'a label without base64',
    withRequest({ body: 'no base64!', transfer_encoding: 'base64' }),
    '/request/body',
  ],
  ['a status that is none', withStatus(0), '/response/status'],
  ['an unknown direction', sampleEvent({ direction: 'inbound' }), '/direction'],
  ['a transaction_id that is no UUID', sampleEvent({ transaction_id: 'abc' }), '/transaction_id'],
] as const)('warns of %s', (_name, event, pointer) => {
  const { verdict, findings } = judged(event)

  expect(verdict).toBe('warning')
  expect(findings.map((finding) => finding.pointer)).toEqual([pointer])
})

const png = { 'x-request-id': 'text', 'Content-Type': 'image/png' }
test.each([
  ['of a type that is no text', 'AAECAwQFBgcICQoL', png, true],
  ['of a type that is text', 'AAECAwQFBgcICQoL', { 'content-type': 'text/plain' }, false],
  ['of no type', 'AAECAwQFBgcICQoL', { 'x-request-id': 'image/png' }, false],
  ['shorter than 16 characters', 'AAECAwQFBgcI', png, false],
  ['of no multiple of four characters', 'AAECAwQFBgcICQoLD', png, false],
  ['with a character that is not of base64', 'AAECAwQFBgcICQo_', png, false],
  ['padded, of a type that is text', 'AAECAwQFBgcICQo=', { 'content-type': 'text/plain' }, true],
])('whether a body %s looks like base64', (_name, body, headers, looks) => {
  expect(judged(withRequest({ body, headers })).findings.map(({ pointer }) => pointer)).toEqual(
    looks ? ['/request/transfer_encoding'] : [],
  )
})

const minutes = (count: number, more = 0) =>
  withRequest({ time: new Date(Date.UTC(2026, 0, 31) + count * MINUTE + more).toISOString() })
const DAYS = 24 * 60
const keys = (count: number, value: string) =>
  withUri(`https://a.b/?${Array.from({ length: count }, () => value).join('&')}`)
// Each at its limit, and one beyond it.
test.each([
  ['5 minutes late', minutes(-5), 'good'],
  ['5 minutes and 1 ms late', minutes(-5, -1), 'warning'],
  ['5 minutes early', minutes(5), 'good'],
  ['5 minutes and 1 ms early', minutes(5, 1), 'warning'],
  ['30 days old', minutes(-30 * DAYS), 'warning'],
  ['30 days and 1 ms old', minutes(-30 * DAYS, -1), 'bad'],
  ['500 keys', keys(500, 'k=1'), 'good'],
  ['501 keys', keys(501, 'k=1'), 'warning'],
  ['one long key', keys(1, 'k'.repeat(600)), 'good'],
  ['status 99', withStatus(99), 'warning'],
  ['status 100', withStatus(100), 'good'],
  ['status 599', withStatus(599), 'good'],
  ['status 600', withStatus(600), 'warning'],
  ['weight 0', sampleEvent({ weight: 0 }), 'warning'],
  ['weight 1', sampleEvent({ weight: 1 }), 'good'],
  ['weight 2^53 - 1', sampleEvent({ weight: 2 ** 53 - 1 }), 'good'],
  ['weight 2^53', sampleEvent({ weight: 2 ** 53 }), 'warning'],
] as const)('judges what is at a limit: %s', (_name, event, verdict) => {
  const receivedAt = Date.UTC(2026, 0, 31)
  const { request } = event as MoesifEvent
  const response = (event as MoesifEvent).response!
  // Only the request's time is of interest.
  const now = Math.abs(Date.parse(request.time) - Date.now()) < MINUTE ? Date.now() : receivedAt
  const timed = { ...(event as MoesifEvent), response: { ...response, time: request.time } }
  expect(judge(timed, 1024 * 1024, now).verdict).toBe(verdict)
})

test('an empty body is base64', () => {
  expect(judged(withRequest({ body: '', transfer_encoding: 'base64' })).verdict).toBe('good')
})

test('warns of an event over 1 MB', () => {
  expect(judged(sampleEvent(), 1024 * 1024 + 1).findings).toMatchObject([
    { pointer: '', severity: 'warning' },
  ])
})

test('accepts what official clients send: unknown keys, numbers in headers, empty strings, fractions of seconds', () => {
  const event = {
    ...withRequest({ headers: { 'content-length': 12 as never, empty: '', none: null as never } }),
    user_id: '',
    something: { new: true },
  }
  expect(judged(event).verdict).toBe('good')
})

test('explains a hostile event within bounds', () => {
  const headers = Object.fromEntries(Array.from({ length: 5000 }, (_, index) => [`h${index}`, {}]))
  expect(judged(withRequest({ headers: headers as never })).findings.length).toBeLessThanOrEqual(50)
})

test.each([
  ['2026-01-31T12:00:00.123Z', 123],
  ['2026-01-31T12:00:00.123', 123],
  ['2026-01-31T12:00:00.123456789+00:00', 123],
  ['2026-01-31T13:00:00.5+0100', 500],
  ['2026-01-31T12:00:00Z', 0],
])('reads the time %s', (text, milliseconds) => {
  expect(eventTime(text)).toBe(Date.UTC(2026, 0, 31, 12, 0, 0, milliseconds))
})

test.each([
  '2026-02-30T00:00:00Z',
  '2026-11-31T00:00:00.000Z',
  '2025-02-29T12:00:00',
  '2026-01-31T24:00:00Z',
  '2026-01-28T24:00:00Z',
  '2026-01-31T25:00:00Z',
])('knows no time %s', (time) => {
  expect(eventTime(time)).toBeNull()
})

test('knows the days that a leap year and the last of a month have', () => {
  for (const time of ['2028-02-29T23:59:59.999Z', '2026-12-31T00:00:00Z', '2026-01-31 20:00'])
    expect(eventTime(time), time).not.toBeNull()
})

test('warns of a response before its request, and keeps the time as it is', () => {
  const event = sampleEvent()
  const early = { ...event.response!, time: new Date(Date.now() - 60_000).toISOString() }
  const { verdict, findings } = judge({ ...event, response: early }, 500, Date.now())

  expect(verdict).toBe('warning')
  expect(findings).toEqual([
    {
      severity: 'warning',
      pointer: '/response/time',
      message: expect.stringMatching(/^the response is \d+ ms before its request$/) as string,
    },
  ])
})
