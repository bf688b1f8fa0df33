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
  /** Where only the collector is served; null when it is served with the rest. */
  collector: { host: string; port: number } | null
}

/** A mock Moesif that listens. Stops with `stop()` or at the end of an `await using`. */
export class StartedMockMoesif extends MockMoesifClient implements AsyncDisposable {
  readonly port: number
  /** The port of the same over TLS, null without a certificate. */
  readonly tlsPort: number | null
  readonly host: string
  /** The URL to which gateways send events: `url`, unless the collector has its own address. */
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

  /** Counts of all applications, synchronously. */
  get storeCounts(): Counts {
    return this.#running.mock.parts.store.counts()
  }

  /** Closes all connections and the store; may be called more than once. */
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

/** The host of the URL of a server that listens on `host`. */
function urlHost(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1'
  return host.includes(':') ? `[${host}]` : host
}
