import { ApplicationClient } from './application-client.ts'
import { call } from './call.ts'
import type { Counts, Fault, FaultSpec, Gateway } from './types.ts'

/** Talks to a running mock Moesif, in this process or any other. */
export class MockMoesifClient {
  readonly url: string

  /** @param url where the mock listens, e.g. `http://localhost:9000` */
  constructor(url: string) {
    this.url = url.replace(/\/$/, '')
  }

  /** One application's part of the mock: nothing of it touches another's. */
  application(id: string): ApplicationClient {
    return new ApplicationClient(this.url, id)
  }

  async applications(): Promise<{ applicationId: string; counts: Counts }[]> {
    return call(this.url, 'GET', '/_mock/applications')
  }

  /** Counts of all applications together. */
  async counts(): Promise<Counts> {
    return call(this.url, 'GET', '/_mock/counts')
  }

  /** Faults that hold for every application; `application(id).faults` has those of one. */
  readonly faults = {
    add: (spec: FaultSpec): Promise<Fault> =>
      call(this.url, 'POST', '/_mock/faults', { body: spec }),
    list: (): Promise<Fault[]> => call(this.url, 'GET', '/_mock/faults'),
    remove: (id: number): Promise<void> => call(this.url, 'DELETE', `/_mock/faults/${id}`),
    clear: (): Promise<void> => call(this.url, 'DELETE', '/_mock/faults'),
  }

  /** The gateway in front, and its counters as of now. */
  async gateway(): Promise<Gateway> {
    return call(this.url, 'GET', '/_mock/gateway')
  }

  async setGateway(
    spec: Pick<Gateway, 'listenerUrl' | 'adminUrl' | 'options' | 'envoyVersion'>,
  ): Promise<void> {
    await call(this.url, 'PUT', '/_mock/gateway', { body: spec })
  }

  /** Forgets the events, batches and requests of all applications. Specs that run side by side reset their own instead. */
  async resetAll(): Promise<void> {
    await call(this.url, 'DELETE', '/_mock/events')
  }
}
