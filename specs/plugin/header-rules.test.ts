import { expect, test } from 'vitest'
import { schemaErrors } from '#specs/support/event-schema.ts'
import { eventOf } from './support/plugin-under-test.ts'

type Headers = Record<string, string | string[]>

async function shown(request: Headers, options: Record<string, unknown>) {
  const event = await eventOf({ request: { headers: request } }, options)
  expect(schemaErrors(event)).toEqual([])
  return event.request.headers
}

test('a pattern masks all headers that fit', async () => {
  const headers = await shown(
    { 'x-internal-a': '1', 'X-Internal-': '2', 'x-intern': '3', 'a-secret-b': '4' },
    { request_header_masks: ['X-Internal-*', '*secret*', 'X-AZ'] },
  )

  expect(Object.keys(headers).filter((name) => /^x-intern|secret/.test(name))).toEqual(['x-intern'])
})

test('a mask may have every byte that the name of a header may have, its letters in any case', async () => {
  const masks = ["X-ABCDEFGHIJKLMNOPQRSTUVWXYZ-0123456789-!#$%&'+.^_`|~", 'X-A', 'X-Z']
  const names = masks.map((mask) => mask.toLowerCase())
  const headers = await shown(Object.fromEntries(names.map((name) => [name, '1'])), {
    request_header_masks: masks,
  })

  expect(names.filter((name) => name in headers)).toEqual([])
})

test('with a list of allowed headers nothing else is shown, and of those nothing that is masked', async () => {
  const headers = { 'x-a1': '1', 'x-a2': '2', 'content-type': 'text/plain', other: '3' }

  expect(
    await shown(headers, {
      request_header_allow: ['X-A*', 'Content-Type'],
      request_header_masks: ['x-a2'],
    }),
  ).toEqual({ 'x-a1': '1', 'content-type': 'text/plain' })
  expect(await shown(headers, { request_header_allow: [] })).toEqual({})
  expect(await shown(headers, { request_header_allow: null })).toMatchObject(headers)
})

test('the response has lists of its own', async () => {
  const event = await eventOf(
    { response: { headers: { 'x-a': '1', 'x-b': '2', 'set-cookie': ['s=1; Path=/', 't=2'] } } },
    { response_header_allow: ['x-a', 'set-cookie'], response_header_masks: ['set-cookie:S'] },
  )

  expect(event.response?.headers).toEqual({ 'x-a': '1', 'set-cookie': 's=*****; Path=/,t=2' })
})

test('one cookie of many is masked, and still identifies the session', async () => {
  const event = await eventOf(
    { request: { headers: { cookie: ['theme=dark; session=abc', 'session=def; x=1'] } } },
    { request_header_masks: ['cookie:session'], session_token_sources: ['cookie:session'] },
  )

  expect(event.request.headers['cookie']).toBe('theme=dark; session=*****,session=*****; x=1')
  expect(event.session_token).toBe('abc')
})

test.each([
  ['request_header_masks', 'set-cookie:a'],
  ['response_header_masks', 'cookie:a'],
  ['request_header_allow', 'cookie:a'],
])('%s refuses %s, which would mask nothing', async (option, item) => {
  await expect(eventOf({}, { [option]: [item] })).rejects.toThrow('0 events')
})

test('masked parameters are masked wherever a URI stands', async () => {
  const event = await eventOf(
    {
      request: {
        path: '/p?api_key=s3cret&a=1&API%5fKEY=s3cret',
        headers: {
          referer: 'https://x.io/?api_key=s3cret#a',
          'x-envoy-original-path': '/o?api_key=s3cret',
          'x-any': 'see https://x.io/?api_key=s3cret',
          'x-query': 'api_key=1',
        },
      },
      response: {
        headers: {
          location: ['/next?b=2&api_key=s3cret', '/cb#api_key=s3cret'],
          'content-location': '/?api_key=s3cret',
        },
      },
    },
    { request_query_masks: ['Api_Key'] },
  )

  expect(event.request.uri).toMatch(/\/p\?api_key=\*{5}&a=1&API%5fKEY=\*{5}$/)
  expect(event.request.headers['referer']).toBe('https://x.io/?api_key=*****#a')
  expect(event.response?.headers['location']).toBe('/next?b=2&api_key=*****,/cb#api_key=*****')
  expect(JSON.stringify(event)).not.toContain('s3cret')
})

const long = (letter: string) => letter.repeat(500)

test('long values are masked each in a place of its own', async () => {
  const headers = await shown(
    {
      referer: `/?token=1&a=${long('a')}`,
      'x-original': `/?b=${long('b')}&token=2`,
      cookie: [`s=3; c=${long('c')}`, `d=${long('d')}; s=4`],
    },
    { request_query_masks: ['token'], request_header_masks: ['cookie:s'] },
  )

  expect(headers).toMatchObject({
    referer: `/?token=*****&a=${long('a')}`,
    'x-original': `/?b=${long('b')}&token=*****`,
    cookie: `s=*****; c=${long('c')},d=${long('d')}; s=*****`,
  })
})

test('a parameter that is masked still identifies the user', async () => {
  const event = await eventOf(
    { request: { path: '/?api_key=k1' } },
    { request_query_masks: ['api_key'], user_id_sources: ['query:api_key'] },
  )

  expect(event.user_id).toBe('k1')
  expect(event.request.uri).toContain('api_key=*****')
})
