import { connect as connectHttp2, type ClientHttp2Session } from 'node:http2'
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { once } from 'node:events'
import type { Duplex } from 'node:stream'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { Gateway } from '#specs/support/gateway.ts'

const SECRET = 'Bearer inside-the-tunnel'
const inner = `GET /inner HTTP/1.1\r\nhost: inner.test\r\nauthorization: ${SECRET}\r\n\r\n`

let gateway: Gateway<'tunnel'>
let upstream: Server
const sockets = new Set<Socket>()

beforeAll(async () => {
  const { bindHost } = inject('envoyRuntime')
  // Takes up WebSockets, and answers everything with itself.
  upstream = createServer((socket) => {
    sockets.add(socket.on('error', () => {}))
    let upgraded = false
    socket.on('data', (bytes) => {
      if (!upgraded && bytes.toString().startsWith('GET /socket')) {
        upgraded = true
        socket.write(
          'HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n',
        )
      } else socket.write(bytes)
    })
  }).listen(0, bindHost)
  await once(upstream, 'listening')
  gateway = await Gateway.start({
    listeners: {
      tunnel: {
        plugin: { batch_max_size: 1, request_header_masks: ['authorization'] },
        listener: {
          upgrades: ['CONNECT', 'websocket'],
          hcm: { http2_protocol_options: { allow_connect: true } },
          routes: [
            {
              match: { connect_matcher: {} },
              route: {
                cluster: 'upstream',
                upgrade_configs: [{ upgrade_type: 'CONNECT', connect_config: {} }],
              },
            },
          ],
        },
      },
    },
    envoy: { upstream: { url: `http://127.0.0.1:${(upstream.address() as AddressInfo).port}` } },
  })
})

afterAll(async () => {
  await gateway?.[Symbol.asyncDispose]()
  for (const socket of sockets) socket.destroy()
  upstream.close()
})

/** Sends the inner request through what is a tunnel now, until it comes back. */
async function useTunnel(tunnel: Duplex): Promise<void> {
  tunnel.write(inner)
  let echoed = ''
  for await (const bytes of tunnel) if ((echoed += String(bytes)).includes(inner)) return
  throw new Error(`The tunnel closed after: ${echoed}`)
}

async function http1(head: string): Promise<void> {
  const { hostname, port } = new URL(gateway.listener('tunnel').url)
  const socket = connect(Number(port), hostname)
  socket.write(head)
  const [answer] = (await once(socket, 'data')) as [Buffer]
  expect(answer.toString()).toMatch(/^HTTP\/1.1 (200|101) /)
  await useTunnel(socket)
  socket.destroy()
}

async function http2(headers: Record<string, string>): Promise<void> {
  const session: ClientHttp2Session = connectHttp2(gateway.listener('tunnel').url)
  await once(session, 'remoteSettings')
  const stream = session.request(headers)
  const [answer] = (await once(stream, 'response')) as [{ ':status': number }]
  expect(answer[':status']).toBe(200)
  await useTunnel(stream)
  session.destroy()
}

const protocolSwitches: [string, string, () => Promise<void>][] = [
  [
    'CONNECT over HTTP/1',
    'c1.test:80',
    () => http1('CONNECT c1.test:80 HTTP/1.1\r\nhost: c1.test:80\r\n\r\n'),
  ],
  [
    'CONNECT over HTTP/2',
    'c2.test:80',
    () => http2({ ':method': 'CONNECT', ':authority': 'c2.test:80' }),
  ],
  [
    'WebSocket over HTTP/1',
    'w1.test',
    () =>
      http1(
        'GET /socket HTTP/1.1\r\nhost: w1.test\r\nconnection: Upgrade\r\nupgrade: websocket\r\n\r\n',
      ),
  ],
  [
    'WebSocket over HTTP/2 (extended CONNECT)',
    'w2.test',
    () =>
      http2({
        ':method': 'CONNECT',
        ':protocol': 'websocket',
        ':scheme': 'http',
        ':authority': 'w2.test',
        ':path': '/socket',
      }),
  ],
]

test.each(protocolSwitches)(
  'nothing that passes a tunnel is captured: %s',
  async (_, host, use) => {
    await use()

    const { application } = gateway.listener('tunnel')
    const [captured] = await application.awaitEvents({ where: `uri:http://${host}*` })
    expect(captured?.event.request).not.toHaveProperty('body')
    expect(captured?.event.response).not.toHaveProperty('body')
    const raw = JSON.stringify(captured)
    for (const text of [SECRET, inner]) {
      expect(raw).not.toContain(text)
      expect(raw).not.toContain(Buffer.from(text).toString('base64').slice(4, -4))
    }
  },
)
