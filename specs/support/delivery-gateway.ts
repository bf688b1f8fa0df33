import { randomUUID } from 'node:crypto'
import { Agent, request as httpRequest } from 'node:http'
import { until } from '#sandbox/until.ts'
import { expect } from 'vitest'
import type { ApplicationClient, StartedMockMoesif } from '#mock-moesif/index.ts'
import type { ListenerOptions } from '#sandbox/envoy/listener.ts'
import type { EnvoyOptions } from '#sandbox/envoy/options.ts'
import type { PluginOptions } from '#sandbox/envoy/plugin-filter.ts'
import type { Runtime } from '#sandbox/envoy/runtime.ts'
import type { StartedEnvoy } from '#sandbox/envoy/started-envoy.ts'
import { balance, eventSums, type EventSums } from '#mock-moesif/model/event-sums.ts'
import { startWatchedEnvoy } from '#specs/support/watched-envoy.ts'

/** In every request's body: must never be seen in a log. */
const PAYLOAD_MARK = 'payload-that-no-log-may-show'

/** Small and quick, so that a fault is met several times in a second. */
const QUICK = {
  // Fetches would take what the specs script for batches.
  disable_sampling: true,
  batch_max_size: 20,
  batch_max_wait: 100,
  connection_timeout: 2000,
}

/** After an outage the plugin may wait for 30 s before it tries again, twice where that fails, too. */
export const LONGEST_DELIVERY_MS = 80_000

/** @note the upstream closes connections that were idle for 5 s, maybe just when Envoy takes one: nobody's fault here. */
const LISTENER: ListenerOptions = {
  name: 'gateway',
  defaultRoute: { retry_policy: { retry_on: 'reset,connect-failure', num_retries: 3 } },
}

/** More requests than that are not under way at once: a slow machine gets less load instead. */
const MOST_UNDER_WAY = 64

export interface ListenerChange {
  options?: Record<string, unknown>
  /** Other fields of the filter: `file`, `vmId` … */
  plugin?: Partial<PluginOptions>
  listener?: Partial<ListenerOptions>
}

interface DeliveryGatewayOptions {
  runtime: Runtime
  mock: StartedMockMoesif
  upstream: string
  /** Of the plugin, over quick defaults. */
  options?: Record<string, unknown>
  /** Where the collector is reached, when not at the mock. */
  collector?: EnvoyOptions['collector']
  envoy?: Partial<EnvoyOptions>
}

/** A real Envoy with the plugin, one application of the mock to itself, and numbered requests through it. */
export class DeliveryGateway implements AsyncDisposable {
  readonly envoy: StartedEnvoy
  readonly application: ApplicationClient
  readonly pluginOptions: Record<string, unknown>
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 16 })
  #requests = 0
  #resets = 0

  private constructor(
    envoy: StartedEnvoy,
    application: ApplicationClient,
    pluginOptions: Record<string, unknown>,
  ) {
    this.envoy = envoy
    this.application = application
    this.pluginOptions = pluginOptions
  }

  static async start({
    runtime,
    mock,
    upstream,
    collector,
    options = {},
    envoy = {},
  }: DeliveryGatewayOptions): Promise<DeliveryGateway> {
    const applicationId = `delivery-${randomUUID()}`
    const pluginOptions = { moesif_application_id: applicationId, ...QUICK, ...options }
    const started = await startWatchedEnvoy({
      runtime,
      payloads: [PAYLOAD_MARK],
      upstream,
      collector: collector ?? mock.url,
      plugin: { options: pluginOptions },
      listeners: [LISTENER],
      ...envoy,
    })
    return new DeliveryGateway(started, mock.application(applicationId), pluginOptions)
  }

  /** Requests sent so far. */
  get requests(): number {
    return this.#requests
  }

  /** Sends a number of requests, a few at a time; every one must be answered 200. */
  async send(count: number, { atOnce = 8 } = {}): Promise<void> {
    let left = count
    const client = async (): Promise<void> => {
      while (left > 0) {
        left--
        expect(await this.#post(`/echo/${++this.#requests}`)).toBe(200)
      }
    }
    await Promise.all(Array.from({ length: atOnce }, client))
  }

  /** Sends requests at a steady rate until `stop()`, which waits for the answers. */
  load(perSecond: number): { stop: () => Promise<void> } {
    const pending = new Set<Promise<unknown>>()
    const started = performance.now()
    let sent = 0
    const timer = setInterval(() => {
      const due = Math.floor(((performance.now() - started) * perSecond) / 1000)
      for (; sent < due; sent++) {
        if (pending.size >= MOST_UNDER_WAY) continue
        const request = this.send(1, { atOnce: 1 }).catch((error: unknown) => failures.push(error))
        pending.add(request)
        void request.finally(() => pending.delete(request))
      }
    }, 10)
    const failures: unknown[] = []
    return {
      stop: async () => {
        clearInterval(timer)
        await Promise.all(pending)
        expect(failures).toEqual([])
      },
    }
  }

  /** Replaces the listener of the running Envoy; `options` is merged over those of the plugin. */
  async update({ options = {}, plugin = {}, listener = {} }: ListenerChange): Promise<void> {
    await this.envoy.updateListener({
      plugin: { options: { ...this.pluginOptions, ...options }, ...plugin },
      listeners: [{ ...LISTENER, ...listener }],
    })
  }

  /** A reading in which every event is accounted for: under load one may fall between two increments of a worker. */
  async account(): Promise<EventSums> {
    return eventSums(await this.envoy.waitForMetrics((now) => balance(eventSums(now)) === 0))
  }

  /** The same, once the plugin has reported every request to Envoy, which it does once a tick. */
  async accountOfAll(): Promise<EventSums> {
    return eventSums(
      await this.envoy.waitForMetrics((now) => {
        const sums = eventSums(now)
        return sums.captured >= this.#requests && balance(sums) === 0
      }),
    )
  }

  /**
   * Waits until the plugin holds nothing more, then compares its metrics with the requests made and with what the mock
   * has: `captured = sent + unconfirmed + dropped + sampled out`, and every event sent is there.
   */
  async settle(): Promise<EventSums> {
    const metrics = await this.envoy.waitForMetrics((now) => {
      const sums = eventSums(now)
      return sums.captured >= this.#requests && sums.pending === 0 && balance(sums) === 0
    }, LONGEST_DELIVERY_MS)
    const account = eventSums(metrics)
    expect(account.captured).toBeLessThanOrEqual(this.#requests + this.#resets)
    return account
  }

  /** Different events that the collector has, however often it got them. */
  async received(): Promise<number> {
    return (await this.application.counts()).unique
  }

  /** Waits until the collector has that many different events. */
  async waitForReceived(count: number): Promise<void> {
    await this.#until(
      async () => (await this.received()) >= count,
      LONGEST_DELIVERY_MS,
      `${count} events received`,
    )
  }

  /** Waits until `load` has sent that many more requests. */
  async waitForRequests(count: number): Promise<void> {
    const last = this.#requests + count
    await this.#until(async () => this.#requests >= last, 60_000, `${last} requests sent`)
  }

  /** No crash of the VM. What no log may show is looked for at the end of every Envoy. */
  expectNoCrash(): void {
    expect(this.envoy.logs().join('\n')).not.toMatch(/Function: \w+ failed|\[critical\]/)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#agent.destroy()
    await this.envoy[Symbol.asyncDispose]()
  }

  async #until(met: () => Promise<boolean>, timeoutMs: number, what: string): Promise<void> {
    await until(met, {
      what: async () =>
        `Not met: ${what}; ${await this.received()} received, ${JSON.stringify(await this.account())}`,
      timeoutMs,
    })
  }

  async #post(path: string): Promise<number> {
    const { promise, resolve, reject } = Promise.withResolvers<number>()
    const request = httpRequest(
      this.envoy.url + path,
      { agent: this.#agent, method: 'POST' },
      (response) => {
        response.resume()
        response.once('end', () => resolve(response.statusCode ?? 0))
      },
    )
    request.once('error', (error: NodeJS.ErrnoException) => {
      // A listener that goes resets connections it had not yet accepted, or had idle. Whether it saw the request is not known.
      if (error.code !== 'ECONNRESET') {
        reject(error)
        return
      }
      this.#resets++
      resolve(this.#post(path))
    })
    request.setHeader('content-type', 'application/json')
    request.end(JSON.stringify({ mark: PAYLOAD_MARK, path }))
    return promise
  }
}
