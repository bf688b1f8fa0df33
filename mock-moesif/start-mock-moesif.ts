import { readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { defineNetwork } from 'msw/experimental'
import { Collector } from './collector/collector.ts'
import { Documents } from './collector/documents.ts'
import { Entities } from './collector/entities.ts'
import { Faults } from './collector/faults.ts'
import { arrivalOf, collectorHandlers } from './collector/handlers.ts'
import { createGuard } from './server/guard.ts'
import { HttpSource } from './server/http-source.ts'
import { createListener } from './server/listener.ts'
import { ArrivalSearch } from './store/arrival-search.ts'
import { EventSearch } from './store/event-search.ts'
import { EventStore, type StoreOptions } from './store/event-store.ts'
import { StartedMockMoesif } from './started-mock-moesif.ts'
import { Forwarding } from './test-api/forwarding.ts'
import { GatewayView, type GatewaySpec } from './test-api/gateway.ts'
import type { Parts } from './test-api/parts.ts'
import { Router } from './test-api/router.ts'
import { testApiRoutes } from './test-api/routes/index.ts'
import { Stream } from './test-api/stream.ts'

export interface MockMoesifOptions extends StoreOptions {
  /** 0, the default, takes any free one. */
  port?: number | undefined
  /** Address to listen on, 127.0.0.1 by default; `0.0.0.0` lets containers in. */
  host?: string | undefined
  /** The only application ids that are welcome; any is by default. */
  appIds?: readonly string[] | undefined
  /** Names besides localhost by which the page and the test API may be called; addresses always may. */
  allowHosts?: readonly string[] | undefined
  /** The Envoy in front, for the dashboard. */
  gateway?: GatewaySpec | undefined
}

/** Envoy keeps idle connections for long: the mock must not be the one who closes them under its feet. */
const KEEP_ALIVE_MS = 600_000
/** A request that is not complete by then is a slow sender's. */
const REQUEST_TIMEOUT_MS = 60_000
const MAX_HEADER_BYTES = 64 * 1024

const { version } = JSON.parse(
  readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
) as { version: string }

/**
 * Starts a mock of Moesif's collector with its test API and dashboard.
 *
 * @example
 * await using moesif = await startMockMoesif()
 * // … send events to moesif.url …
 * const [event] = await moesif.application('my-app').awaitEvents({ count: 1, where: 'user:u1' })
 */
export async function startMockMoesif(options: MockMoesifOptions = {}): Promise<StartedMockMoesif> {
  const store = new EventStore(options)
  const faults = new Faults()
  const search = new EventSearch(store.database)
  const parts: Parts = {
    store,
    search,
    arrivals: new ArrivalSearch(store.database),
    faults,
    documents: new Documents(store.database),
    entities: new Entities(store.database, store.maxEvents),
    stream: new Stream(store, search, faults),
    forwarding: new Forwarding(store),
    gateway: new GatewayView(),
    version,
  }
  if (options.gateway) parts.gateway.set(options.gateway)

  const collector = new Collector({
    ...parts,
    applicationIds: options.appIds,
    onBatch: (batch, path, body) => parts.forwarding.pass(batch, path, body),
  })
  const source = new HttpSource((request) => collector.noteUnknown(arrivalOf(request)))
  const network = defineNetwork({
    sources: [source],
    handlers: collectorHandlers(collector),
    onUnhandledFrame: 'bypass',
    context: { quiet: true },
  })
  network.enable()

  const guard = createGuard(options.allowHosts ?? [])
  const server = createServer(
    {
      keepAliveTimeout: KEEP_ALIVE_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      headersTimeout: REQUEST_TIMEOUT_MS,
      maxHeaderSize: MAX_HEADER_BYTES,
      noDelay: true,
    },
    createListener(guard, new Router(testApiRoutes(parts)), source),
  )
  const { port, host } = await listen(server, options.port ?? 0, options.host ?? '127.0.0.1').catch(
    (error: unknown) => {
      parts.stream.close()
      store.close()
      throw error
    },
  )
  return new StartedMockMoesif({ server, network, parts, port, host })
}

async function listen(
  server: Server,
  port: number,
  host: string,
): Promise<{ port: number; host: string }> {
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
  }
  server.removeListener('error', reject)
  return { port: (server.address() as AddressInfo).port, host }
}
