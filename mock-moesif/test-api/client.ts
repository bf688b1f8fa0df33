import { ApplicationClient } from './application-client.ts'
import { call, overHttp, type Transport } from './call.ts'
import type { GatewaySpec } from './gateway.ts'
import type { Counts, Fault, FaultSpec, Gateway } from './types.ts'

/** Talks to a running mock Moesif, in this process or any other. */
export class MockMoesifClient {
  readonly url: string
  readonly #transport: Transport

  /**
   * @param url where the mock listens, e.g. `http://localhost:9000`
   * @param transport how to call it, when not by HTTP
   */
  constructor(url: string, transport?: Transport) {
    this.url = url.replace(/\/$/, '')
    this.#transport = transport ?? overHttp(this.url)
  }

  /** One application's part of the mock: nothing of it touches another's. */
  application(id: string): ApplicationClient {
    return new ApplicationClient(this.#transport, id)
  }

  async applications(): Promise<{ applicationId: string; counts: Counts }[]> {
    return call(this.#transport, 'GET', '/_mock/applications')
  }

  /** Counts of all applications together. */
  async counts(): Promise<Counts> {
    return call(this.#transport, 'GET', '/_mock/counts')
  }

  /** Faults that hold for every application; `application(id).faults` has those of one. */
  readonly faults = {
    add: (spec: FaultSpec): Promise<Fault> =>
      call(this.#transport, 'POST', '/_mock/faults', { body: spec }),
    list: (): Promise<Fault[]> => call(this.#transport, 'GET', '/_mock/faults'),
    remove: (id: number): Promise<void> => call(this.#transport, 'DELETE', `/_mock/faults/${id}`),
    clear: (): Promise<void> => call(this.#transport, 'DELETE', '/_mock/faults'),
  }

  /** The gateway in front, and its counters as of now; null when nobody told of one. */
  async gateway(): Promise<Gateway | null> {
    return call(this.#transport, 'GET', '/_mock/gateway')
  }

  async setGateway(spec: GatewaySpec): Promise<void> {
    await call(this.#transport, 'PUT', '/_mock/gateway', { body: spec })
  }

  /** Forgets the events, batches and requests of all applications. Specs that run side by side reset their own instead. */
  async resetAll(): Promise<void> {
    await call(this.#transport, 'DELETE', '/_mock/events')
  }
}
