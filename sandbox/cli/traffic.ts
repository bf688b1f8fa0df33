const JSON_TYPE = { 'content-type': 'application/json' }

interface Sample {
  path: string
  method?: string
  headers?: Record<string, string>
  body?: string | Uint8Array<ArrayBuffer>
}

/** Requests of many kinds: verbs, statuses, users, companies, body types, a slow one, a client that leaves. */
const SAMPLES: Sample[] = [
  { path: '/echo' },
  { path: '/products?page=2&sort=price&sort=name' },
  { path: '/products/42', headers: { 'x-user-id': 'ada', 'x-company-id': 'acme' } },
  {
    path: '/orders',
    method: 'POST',
    headers: { ...JSON_TYPE, 'x-user-id': 'ada' },
    body: '{"product":42,"quantity":3}',
  },
  {
    path: '/orders/7',
    method: 'PUT',
    headers: { ...JSON_TYPE, 'x-user-id': 'grace' },
    body: '{"quantity":4}',
  },
  {
    path: '/orders/7',
    method: 'PATCH',
    headers: { ...JSON_TYPE, 'x-company-id': 'acme' },
    body: '{"note":"größer 🎁"}',
  },
  {
    path: '/orders/7',
    method: 'DELETE',
    headers: { 'x-user-id': 'grace', 'x-company-id': 'globex' },
  },
  {
    path: '/session',
    method: 'POST',
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      authorization: 'Bearer secret',
    },
    body: 'user=ada&remember=1',
  },
  {
    path: '/avatar',
    method: 'POST',
    headers: { 'content-type': 'image/png', 'x-user-id': 'ada' },
    body: new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0, 0xff, 0xfe]),
  },
  { path: '/status/201', method: 'POST', headers: JSON_TYPE, body: '{"created":true}' },
  { path: '/status/204' },
  { path: '/status/301' },
  { path: '/status/401' },
  { path: '/status/404', headers: { 'x-user-id': 'linus' } },
  { path: '/status/429', headers: { 'x-user-id': 'linus' } },
  { path: '/status/500' },
  { path: '/status/503' },
  { path: '/gzip' },
  { path: '/bytes/200000' },
  { path: '/stream' },
  { path: '/delay/300', headers: { 'x-user-id': 'grace' } },
  { path: '/headers?cache-control=no-store&x-request-cost=12' },
  { path: '/reset' },
]

/** Sends the sample, a few at a time. Resolves with how many were sent; an error answer is as good as any. */
export async function sendTraffic(gateway: string): Promise<number> {
  const queue = SAMPLES.values()
  const worker = async () => {
    for (const { path, ...request } of queue) {
      await fetch(gateway + path, { ...request, redirect: 'manual' })
        .then((response) => response.arrayBuffer())
        .catch(() => {})
    }
  }
  await Promise.all([worker(), worker(), worker()])
  return SAMPLES.length
}
