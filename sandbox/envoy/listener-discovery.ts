import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'
import type { EnvoyJson } from './envoy-json.ts'

interface DiscoveryRequest {
  version_info?: string
}

const LISTENER_TYPE = 'type.googleapis.com/envoy.config.listener.v3.Listener'

/** Answered before Envoy's own `request_timeout` of 60 s passes. */
const LONG_POLL_MS = 45_000
/** How long Envoy may take to ask for listeners that were replaced: it asks again as soon as it is answered. */
const ASKS_WITHIN_MS = 60_000

/**
 * A listener discovery service (LDS) over REST with long polls. Envoy names in each request the version it accepted last:
 * asking again without the version just served means that it was refused.
 */
export class ListenerDiscovery implements AsyncDisposable {
  readonly #server: Server
  #version = 0
  #listeners: EnvoyJson[]
  #served = false
  #held: ServerResponse | undefined
  #verdict: ((accepted: boolean) => void) | undefined

  private constructor(listeners: EnvoyJson[]) {
    this.#listeners = listeners
    this.#server = createServer((request, response) => void this.#answer(request, response))
  }

  static async start(listeners: EnvoyJson[], bindHost: string): Promise<ListenerDiscovery> {
    const discovery = new ListenerDiscovery(listeners)
    await new Promise<void>((resolve, reject) => {
      discovery.#server.once('error', reject).listen(0, bindHost, resolve)
    })
    discovery.#server.unref()
    return discovery
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  /** Replaces all listeners. Resolves with whether Envoy accepted them. */
  async publish(listeners: EnvoyJson[]): Promise<boolean> {
    this.#listeners = listeners
    this.#version++
    this.#served = false
    const verdict = new Promise<boolean>((resolve, reject) => {
      const timer = setTimeout(
        () => reject(new Error(`Envoy did not ask for its listeners in ${ASKS_WITHIN_MS} ms`)),
        ASKS_WITHIN_MS,
      )
      this.#verdict = (accepted) => {
        clearTimeout(timer)
        resolve(accepted)
      }
    })
    if (this.#held) this.#serve(this.#held)
    return await verdict
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise<void>((resolve) => this.#server.close(() => resolve()))
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = (await json(request).catch(() => undefined)) as DiscoveryRequest | undefined
    if (!body) {
      response.writeHead(400).end()
      return
    }
    if (!this.#served) {
      this.#serve(response)
      return
    }
    this.#verdict?.(body.version_info === String(this.#version))
    this.#verdict = undefined
    this.#hold(response)
  }

  #serve(response: ServerResponse): void {
    this.#served = true
    this.#held = undefined
    response.writeHead(200, { 'content-type': 'application/json' }).end(
      JSON.stringify({
        version_info: String(this.#version),
        type_url: LISTENER_TYPE,
        resources: this.#listeners.map((listener) =>
          Object.assign({ '@type': LISTENER_TYPE }, listener),
        ),
      }),
    )
  }

  #hold(response: ServerResponse): void {
    this.#held = response
    const timer = setTimeout(() => this.#serve(response), LONG_POLL_MS)
    timer.unref()
    response.once('close', () => {
      clearTimeout(timer)
      if (this.#held === response) this.#held = undefined
    })
  }
}
