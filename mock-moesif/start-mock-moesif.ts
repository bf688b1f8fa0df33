import { createServer, type Server, type ServerOptions } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { defineNetwork } from 'msw/experimental'
import { collectorHandlers } from './collector/msw-adapter.ts'
import { createMock, type MockOptions } from './create-mock.ts'
import type { GatewaySpec } from './model/gateway.ts'
import { answerClientErrors, answerConnect } from './server/answer-client-error.ts'
import { createGuard } from './server/guard.ts'
import { HttpSource } from './server/http-source.ts'
import { createCollectorListener, createListener } from './server/listener.ts'
import { socketAdapter } from './server/socket-adapter.ts'
import { StartedMockMoesif } from './started-mock-moesif.ts'

export interface MockMoesifOptions extends MockOptions {
  /** Port to listen on; 0, the default, takes any free one. */
  port?: number | undefined
  /** Address to listen on, 127.0.0.1 by default; `0.0.0.0` is reachable from containers. */
  host?: string | undefined
  /** An address on which only the collector is served, on its own port: dashboard and test API stay on `host`. */
  collectorHost?: string | undefined
  /** Host names besides localhost under which dashboard and test API may be called; IP addresses always may. */
  allowHosts?: readonly string[] | undefined
  /** The Envoy in front of the mock, for the dashboard. */
  gateway?: GatewaySpec | undefined
  /** Serves everything also over TLS, on its own port, for a gateway that verifies its collector. */
  tls?: TlsOptions | undefined
  /** Milliseconds within which a client must complete a request, 60000 by default. */
  requestTimeoutMs?: number | undefined
}

interface TlsOptions {
  /** PEM texts of the certificate (chain) and its key. */
  cert: string
  key: string
  /** Port to listen on; 0, the default, takes any free one. */
  port?: number | undefined
}

/** Envoy keeps idle connections for long: if the mock closed them first, some next request would fail. */
const KEEP_ALIVE_MS = 600_000
const REQUEST_TIMEOUT_MS = 60_000
/** Node's default is 16 KiB; Envoy allows 60 KiB of headers. */
const MAX_HEADER_BYTES = 64 * 1024

/**
 * Starts a mock of Moesif's collector with its test API and dashboard.
 *
 * @throws Error when it cannot listen: the message names address, port and what to do
 * @example
 * await using moesif = await startMockMoesif()
 * // … send events to moesif.url …
 * const [event] = await moesif.application('my-app').awaitEvents({ count: 1, where: 'user:u1' })
 */
export async function startMockMoesif(options: MockMoesifOptions = {}): Promise<StartedMockMoesif> {
  const mock = createMock(options)
  if (options.gateway) mock.parts.gateway.set(options.gateway)

  const source = new HttpSource((request) =>
    mock.collector.answerUnknown(socketAdapter.arrivalOf(request)),
  )
  const network = defineNetwork({
    sources: [source],
    handlers: collectorHandlers(mock.collector, socketAdapter),
    onUnhandledFrame: 'bypass',
    context: { quiet: true },
  })
  network.enable()

  const requestTimeout = options.requestTimeoutMs ?? REQUEST_TIMEOUT_MS
  const serverOptions: ServerOptions = {
    keepAliveTimeout: KEEP_ALIVE_MS,
    requestTimeout,
    headersTimeout: requestTimeout,
    connectionsCheckingInterval: Math.min(30_000, Math.max(50, requestTimeout / 2)),
    maxHeaderSize: MAX_HEADER_BYTES,
    noDelay: true,
  }
  const listener = createListener(createGuard(options.allowHosts ?? []), mock.router, source)
  const host = options.host ?? '127.0.0.1'
  const { tls, collectorHost = host } = options
  const main = createServer(serverOptions, listener)
  const tlsServer = tls && createTlsServer({ ...serverOptions, ...tls }, listener)
  const collector =
    collectorHost === host
      ? undefined
      : createServer(serverOptions, createCollectorListener(source))
  const servers = [main, tlsServer, collector].filter((server) => server !== undefined)
  for (const server of servers) {
    server.on('clientError', answerClientErrors(MAX_HEADER_BYTES, requestTimeout))
    server.on('connect', answerConnect(requestTimeout))
  }
  try {
    await listen(main, options.port ?? 0, host)
    if (tlsServer) await listen(tlsServer, tls?.port ?? 0, host)
    if (collector) await listen(collector, 0, collectorHost)
  } catch (error) {
    for (const server of servers) server.close()
    await mock.close()
    throw error
  }
  return new StartedMockMoesif({
    servers,
    network,
    mock,
    host,
    port: portOf(main),
    tlsPort: tlsServer ? portOf(tlsServer) : null,
    collector: collector ? { host: collectorHost, port: portOf(collector) } : null,
  })
}

const portOf = (server: Server): number => (server.address() as AddressInfo).port

async function listen(server: Server, port: number, host: string): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  server.once('error', reject)
  server.listen(port, host, resolve)
  try {
    await promise
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    const remedy =
      code === 'EADDRINUSE'
        ? `Port ${port} is taken. Stop what listens there, or choose another with --port (0: any free one).`
        : `${message}. Choose another --host or --port.`
    throw new Error(`The mock Moesif can't listen on ${host}:${port}. ${remedy}`, { cause: error })
  } finally {
    server.removeListener('error', reject)
  }
}
