import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Server } from 'node:net'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { Gateway } from '#specs/support/gateway.ts'

let gateway: Gateway<'gateway'>
let upstream: Server

beforeAll(async () => {
  // Promises ten bytes, and closes after five.
  upstream = createServer((socket) => {
    socket.on('error', () => {})
    socket.once('data', () =>
      socket.end(
        'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 10\r\n\r\n12345',
      ),
    )
  }).listen(0, inject('envoyRuntime').bindHost)
  await once(upstream, 'listening')
  gateway = await Gateway.start({
    listeners: { gateway: { plugin: { batch_max_size: 1 } } },
    envoy: { upstream: { url: `http://127.0.0.1:${(upstream.address() as AddressInfo).port}` } },
  })
})

afterAll(async () => {
  await gateway?.[Symbol.asyncDispose]()
  upstream.close()
})

async function eventOf(path: string) {
  const { application } = gateway.listener('gateway')
  const [captured] = await application.awaitEvents({ where: `uri:*${path}` })
  return captured?.event
}

test('an upstream that closes before the end of its JSON leaves an incomplete body', async () => {
  await fetch(`${gateway.listener('gateway').url}/short`)
    .then((response) => response.text())
    .catch(() => {})

  const event = await eventOf('/short')
  expect(event?.response).toMatchObject({ transfer_encoding: 'base64', body: 'MTIzNDU=' })
  expect(event?.metadata).toMatchObject({ incomplete: 'response body' })
})

test('a client that leaves before the end of its JSON leaves an incomplete body', async () => {
  const { hostname, port } = new URL(gateway.listener('gateway').url)
  const socket = connect(Number(port), hostname)
  socket.write(
    'POST /leave HTTP/1.1\r\nhost: api.test\r\ncontent-type: application/json\r\ncontent-length: 70000\r\n\r\n{"a":1}',
  )
  await once(socket, 'data')
  socket.destroy()

  const event = await eventOf('/leave')
  expect(event?.request).toMatchObject({ transfer_encoding: 'base64', body: 'eyJhIjoxfQ==' })
  expect(event?.metadata?.['incomplete']).toMatch(/^(request body|both bodies)$/)
})
