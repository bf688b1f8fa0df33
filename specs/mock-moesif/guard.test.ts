import { request } from 'node:http'
import { afterAll, expect, test } from 'vitest'
import { startMockMoesif } from '#mock-moesif/index.ts'
import { sampleEvent } from './sample.ts'

const moesif = await startMockMoesif({ allowHosts: ['mock-moesif'] })
afterAll(() => moesif.stop())

/** `fetch` sets Host and Origin itself: a plain request does not. */
function statusOf(path: string, headers: Record<string, string>, method = 'GET'): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>()
  request(moesif.url + path, { headers, method })
    .on('response', (response) => resolve(response.resume().statusCode!))
    .on('error', reject)
    .end()
  return promise
}

const own = `127.0.0.1:${moesif.port}`

test.each([
  ['localhost', 200],
  [`localhost:${moesif.port}`, 200],
  [own, 200],
  ['172.17.0.1:9000', 200],
  ['[::1]:9000', 200],
  ['mock-moesif:9000', 200],
  ['evil.example', 403],
  ['evil.example:9000', 403],
  ['localhost.evil.example', 403],
  ['127.0.0.1.evil.example', 403],
  ['mock-moesif@evil.example', 403],
])('serves the page and the test API under Host %s: %i', async (host, status) => {
  expect(await statusOf('/', { host })).toBe(status)
  expect(await statusOf('/_mock/counts', { host })).toBe(status)
})

test.each([
  [`http://${own}`, 204],
  ['http://evil.example', 403],
  [`http://localhost:${moesif.port}`, 403],
  [`http://127.0.0.1:${moesif.port + 1}`, 403],
  ['null', 403],
])('lets Origin %s change something: %i', async (origin, status) => {
  expect(await statusOf('/_mock/events', { host: own, origin }, 'DELETE')).toBe(status)
})

test('refuses what a browser says another site asked for, except a visit', async () => {
  expect(
    await statusOf('/_mock/events', {
      host: own,
      'sec-fetch-site': 'cross-site',
      'sec-fetch-mode': 'no-cors',
    }),
  ).toBe(403)
  expect(
    await statusOf('/_mock/events', {
      host: own,
      'sec-fetch-site': 'same-site',
      'sec-fetch-mode': 'cors',
    }),
  ).toBe(403)
  expect(
    await statusOf('/_mock/events', {
      host: own,
      'sec-fetch-site': 'same-origin',
      'sec-fetch-mode': 'cors',
    }),
  ).toBe(200)
  expect(
    await statusOf('/', {
      host: own,
      'sec-fetch-site': 'cross-site',
      'sec-fetch-mode': 'navigate',
    }),
  ).toBe(200)
})

test.each(['GET', 'POST', 'DELETE', 'PUT'])(
  'refuses a %s of the test API that a form or a link of another site makes',
  async (method) => {
    for (const site of ['cross-site', 'same-site'])
      expect(
        await statusOf(
          '/_mock/faults',
          { host: own, 'sec-fetch-site': site, 'sec-fetch-mode': 'navigate' },
          method,
        ),
      ).toBe(403)
  },
)

test('names the option that lets a host in', async () => {
  const { promise, resolve } = Promise.withResolvers<string>()
  request(`${moesif.url}/_mock/counts`, { headers: { host: 'my-host:9000' } })
    .on('response', (response) => {
      let text = ''
      response.on('data', (chunk) => (text += chunk))
      response.on('end', () => resolve(text))
    })
    .end()

  expect(await promise).toContain('--allow-host my-host')
})

test('serves the page with a strict policy, and nothing outside its folder', async () => {
  const page = await fetch(`${moesif.url}/`)

  expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8')
  expect(page.headers.get('content-security-policy')).toMatch(
    /default-src 'none'; script-src 'self'/,
  )
  expect(await page.text()).not.toMatch(/<script(?![^>]*\bsrc=)/)
  for (const path of [
    '/../package.json',
    '/%2e%2e/package.json',
    '/assets/../../../package.json',
    '/..%2fpackage.json',
  ])
    expect(await statusOf(path, { host: own })).toBe(404)
})

test.skipIf(process.platform !== 'linux')(
  'an address for the collector alone takes events and shows neither page nor test API',
  async () => {
    await using apart = await startMockMoesif({ collectorHost: '127.0.0.2' })
    expect(apart.collectorUrl).toContain('//127.0.0.2:')

    const sent = await fetch(`${apart.collectorUrl}/v1/events`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-moesif-application-id': 'app' },
      body: JSON.stringify(sampleEvent()),
    })
    const hidden = ['/', '/index.html', '/_mock/events', '/_mock/config'].map(
      async (path) => (await fetch(apart.collectorUrl + path)).status,
    )

    expect(sent.status).toBe(201)
    expect(await Promise.all(hidden)).toEqual([404, 404, 404, 404])
    expect(await apart.application('app').events()).toHaveLength(1)
  },
)
