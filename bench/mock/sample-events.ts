import { randomUUID } from 'node:crypto'

/** A batch as a gateway sends it: about 1 KB an event, fresh times and ids. */
export function sampleBatch(count: number): string {
  const now = Date.now()
  return JSON.stringify(
    Array.from({ length: count }, (_, index) => sampleEvent(now - index, index)),
  )
}

function sampleEvent(now: number, index: number): object {
  return {
    request: {
      time: new Date(now - 12).toISOString(),
      uri: `https://api.example.com/orders/${index}?expand=items&page=2`,
      verb: index % 3 === 0 ? 'POST' : 'GET',
      headers: {
        accept: 'application/json',
        'content-type': 'application/json',
        'user-agent': 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36',
        'x-forwarded-for': '203.0.113.7',
        'x-request-id': randomUUID(),
        authorization: '****',
      },
      ip_address: '203.0.113.7',
      transfer_encoding: 'json',
      body: { sku: `sku-${index}`, quantity: index, note: 'leave at the "door", please' },
    },
    response: {
      time: new Date(now).toISOString(),
      status: index % 20 === 0 ? 500 : 200,
      headers: {
        'content-type': 'application/json',
        server: 'envoy',
        date: new Date(now).toUTCString(),
      },
      transfer_encoding: 'json',
      body: {
        id: index,
        items: [
          { sku: 'a', price: 12.5 },
          { sku: 'b', price: 7 },
        ],
        total: 19.5,
      },
    },
    user_id: `user-${index % 50}`,
    company_id: `company-${index % 7}`,
    direction: 'Incoming',
    transaction_id: randomUUID(),
    metadata: { gateway: 'envoy', route: 'orders' },
  }
}
