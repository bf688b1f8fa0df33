import { setTimeout as wait } from 'node:timers/promises'

const batchSize = 100
const paths = [
  '/v1/orders',
  '/v1/orders/8412',
  '/v1/search?q=shoes&page=2',
  '/v2/payments',
  '/health',
]
const statuses = [200, 200, 201, 200, 304, 200, 404, 200, 429, 200, 503]
const verbs = ['GET', 'POST', 'GET', 'PATCH', 'DELETE']

/** Posts batches as a gateway would, at a steady rate. */
export class Load {
  readonly #url: string
  #count = 0

  constructor(url: string) {
    this.#url = `${url}/v1/events/batch`
  }

  async post(events: number, perSecond: number): Promise<void> {
    const started = performance.now()
    for (let sent = 0; sent < events; sent += batchSize) {
      await this.#send()
      const due = started + ((sent + batchSize) / perSecond) * 1000
      const early = due - performance.now()
      if (early > 0) await wait(early)
    }
  }

  async #send(): Promise<void> {
    const events = Array.from({ length: batchSize }, () => this.#event(this.#count++))
    const response = await fetch(this.#url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-moesif-application-id': 'bench' },
      body: JSON.stringify(events),
    })
    await response.body?.cancel()
    if (response.status !== 201) throw new Error(`The mock answered ${response.status} to a batch`)
  }

  #event(n: number): unknown {
    const now = Date.now()
    return {
      request: {
        time: new Date(now - 50).toISOString(),
        verb: verbs[n % verbs.length],
        uri: `https://shop.example.com${paths[n % paths.length]}`,
        headers: { host: 'shop.example.com', accept: 'application/json' },
        ip_address: '203.0.113.7',
      },
      response: {
        time: new Date(now - 50 + (n % 400)).toISOString(),
        status: statuses[n % statuses.length],
        headers: { 'content-type': 'application/json' },
        body: { id: n, total: 24.9 },
      },
      transaction_id: crypto.randomUUID(),
      user_id: `user-${n % 5000}`,
      company_id: `company-${n % 50}`,
    }
  }
}
