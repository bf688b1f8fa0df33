import type { Server } from 'node:http'
import { MockMoesifClient } from './test-api/client.ts'
import type { Parts } from './test-api/parts.ts'
import type { Counts } from './test-api/types.ts'

export interface RunningParts {
  server: Server
  network: { disable(): unknown }
  parts: Parts
  port: number
  host: string
}

/** A mock Moesif that listens. Stops with `stop()` or at the end of an `await using`. */
export class StartedMockMoesif extends MockMoesifClient implements AsyncDisposable {
  readonly port: number
  readonly host: string
  readonly #running: RunningParts
  #stopped: Promise<void> | undefined

  constructor(running: RunningParts) {
    super(`http://${urlHost(running.host)}:${running.port}`)
    this.#running = running
    this.port = running.port
    this.host = running.host
  }

  /** What the store has counted of all applications, without a round trip. */
  get storeCounts(): Counts {
    return this.#running.parts.store.counts()
  }

  stop(): Promise<void> {
    return (this.#stopped ??= this.#stop())
  }

  async #stop(): Promise<void> {
    const { server, network, parts } = this.#running
    parts.stream.close()
    parts.faults.close()
    const closed = new Promise<void>((resolve) => server.close(() => resolve()))
    server.closeAllConnections()
    await closed
    await network.disable()
    await parts.forwarding.close()
    parts.store.close()
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
