import { connect } from 'node:http2'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { startEcho, type Echo } from '#sandbox/echo/echo.ts'

let echo: Echo

beforeAll(async () => {
  echo = await startEcho()
})
afterAll(async () => await echo[Symbol.asyncDispose]())

test('/echo greets', async () => {
  expect(await (await fetch(`${echo.url}/echo`)).text()).toBe('Hello from echo service')
})

test.each(['POST', 'PUT', 'PATCH', 'DELETE', 'PROPFIND'])(
  'anything else describes the %s request',
  async (method) => {
    const request = { method, body: 'größer' }
    const response = await fetch(`${echo.url}/a/b?x=1`, request)
    expect(await response.json()).toMatchObject({
      method,
      path: '/a/b',
      query: { x: '1' },
      body: 'größer',
      bodyEncoding: 'utf8',
    })
  },
)

test('a body that is no text comes back in base64', async () => {
  const response = await fetch(`${echo.url}/`, { method: 'POST', body: new Uint8Array([0xff, 0]) })
  expect(await response.json()).toMatchObject({ body: '/wA=', bodyEncoding: 'base64' })
})

test.each([200, 204, 304, 404, 503])('/status/%i answers it', async (status) => {
  expect((await fetch(`${echo.url}/status/${status}`)).status).toBe(status)
})

test('/status with anything else says what is expected', async () => {
  const response = await fetch(`${echo.url}/status/abc`)
  expect(response.status).toBe(400)
  expect(await response.text()).toContain('/status/200 to /status/599')
})

test('/delay answers later', async () => {
  const started = performance.now()
  await (await fetch(`${echo.url}/delay/120`)).text()
  expect(performance.now() - started).toBeGreaterThanOrEqual(110)
})

test('/bytes answers that many', async () => {
  const bytes = await (await fetch(`${echo.url}/bytes/100000`)).arrayBuffer()
  expect(bytes.byteLength).toBe(100_000)
})

test('/stream comes in chunks', async () => {
  const response = await fetch(`${echo.url}/stream`)
  expect(response.headers.get('content-length')).toBeNull()
  expect((await response.text()).split('\n')).toHaveLength(6)
})

test('/gzip is compressed', async () => {
  const response = await fetch(`${echo.url}/gzip`)
  expect(response.headers.get('content-encoding')).toBe('gzip')
  expect(await response.json()).toEqual({ gzipped: true })
})

test('/headers sets what the query asks for', async () => {
  const response = await fetch(`${echo.url}/headers?set-cookie=a&set-cookie=b&x-one=1`)
  expect(response.headers.getSetCookie()).toEqual(['a', 'b'])
  expect(response.headers.get('x-one')).toBe('1')
})

test('/reset breaks the connection', async () => {
  await expect(fetch(`${echo.url}/reset`)).rejects.toThrow()
})

test('HTTP/2 with prior knowledge is spoken on the same port, trailers included', async () => {
  const session = connect(echo.url)
  const stream = session.request({ ':path': '/trailers' })
  const trailers = new Promise((resolve) => stream.once('trailers', resolve))

  expect(await text(stream)).toBe('body')

  expect(await trailers).toMatchObject({ 'x-checksum': '42' })
  session.close()
})

test('a WebSocket gets back what it sends', async () => {
  const socket = new WebSocket(echo.url.replace('http', 'ws'))
  await new Promise((resolve) => socket.once('open', resolve))
  socket.send('ping')

  const message = await new Promise((resolve) => socket.once('message', resolve))

  expect(String(message)).toBe('ping')
  socket.close()
})
