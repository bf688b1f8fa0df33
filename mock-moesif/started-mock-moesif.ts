import type { Server } from 'node:http'
import type { Mock } from './create-mock.ts'
import { MockMoesifClient } from './client/index.ts'
import type { Counts } from './model/counts.ts'

export interface RunningParts {
  servers: readonly Server[]
  network: { disable(): unknown }
  mock: Mock
  port: number
  tlsPort: number | null
  host: string
  /** Where the collector is served alone; null where it is served with the rest. */
  collector: { host: string; port: number } | null
}

/** A mock Moesif that listens. Stops with `stop()` or at the end of an `await using`. */
export class StartedMockMoesif extends MockMoesifClient implements AsyncDisposable {
  readonly port: number
  /** Where the same is served over TLS, null without certificate. */
  readonly tlsPort: number | null
  readonly host: string
  /** Where gateways send events: `url`, unless the collector has an address of its own. */
  readonly collectorUrl: string
  readonly #running: RunningParts
  #stopped: Promise<void> | undefined

  constructor(running: RunningParts) {
    super(`http://${urlHost(running.host)}:${running.port}`)
    this.#running = running
    this.port = running.port
    this.tlsPort = running.tlsPort
    this.host = running.host
    const { host, port } = running.collector ?? running
    this.collectorUrl = `http://${urlHost(host)}:${port}`
  }

  /** What the store has counted of all applications, without a round trip. */
  get storeCounts(): Counts {
    return this.#running.mock.parts.store.counts()
  }

  stop(): Promise<void> {
    return (this.#stopped ??= this.#stop())
  }

  async #stop(): Promise<void> {
    const { servers, network, mock } = this.#running
    const closed = servers.map((server) => new Promise((resolve) => server.close(resolve)))
    mock.parts.stream.close()
    for (const server of servers) server.closeAllConnections()
    await Promise.all(closed)
    await network.disable()
    await mock.close()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop()
  }
}

/** Where to call a server that listens on `host`. */
function urlHost(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1'
  return host.includes(':') ? `[${host}]` : host
}
