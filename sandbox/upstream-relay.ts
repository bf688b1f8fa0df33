import { lookup } from 'node:dns/promises'
import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type LookupFunction, type Socket } from 'node:net'
import { tlsTo } from './envoy/cluster.ts'
import type { EnvoyOptions } from './envoy/options.ts'

/** Whether the URL's host is this machine and nothing else, which a container cannot reach by that name. */
export async function isOnLoopback(url: string): Promise<boolean> {
  const host = hostOf(url)
  const addresses = await lookup(host, { all: true }).catch(() => [])
  return addresses.some(({ address }) => /^(127\.|::1$|0\.0\.0\.0$|::$)/.test(address))
}

/** A server on loopback, passed on to where containers reach it. */
export interface Relay extends AsyncDisposable {
  upstream: EnvoyOptions['upstream']
}

/** @param bindHost an address that containers reach */
export async function startRelay(url: string, bindHost: string): Promise<Relay> {
  const { protocol, port, pathname } = new URL(url)
  const host = hostOf(url)
  const target = {
    host,
    port: Number(port) || (protocol === 'https:' ? 443 : 80),
    ...(host === 'localhost' && { lookup: bothLoopbacks, autoSelectFamily: true }),
  }
  const sockets = new Set<Socket>()
  const server = createServer((outside) => {
    const inside = connect(target)
    for (const [socket, other] of [
      [outside, inside],
      [inside, outside],
    ] as const) {
      sockets.add(socket)
      socket.pipe(other)
      socket.on('error', () => other.destroy())
      socket.once('close', () => {
        sockets.delete(socket)
        other.destroy()
      })
    }
  })
  server.listen(0, bindHost)
  await once(server, 'listening')
  const relayed = `${protocol}//${bindHost}:${(server.address() as AddressInfo).port}${pathname}`
  return {
    upstream: {
      url: relayed,
      ...(protocol === 'https:' && { transportSocket: tlsTo(host) }),
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

/** @note a machine's files may know `localhost` as IPv4 alone, while a server listens on IPv6 alone. */
const bothLoopbacks: LookupFunction = (_host, _options, callback) =>
  callback(null, [
    { address: '127.0.0.1', family: 4 },
    { address: '::1', family: 6 },
  ])

const hostOf = (url: string): string => new URL(url).hostname.replace(/^\[(.*)\]$/, '$1')
