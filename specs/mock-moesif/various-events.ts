import type { MoesifEvent } from '#mock-moesif/index.ts'
import { sampleEvent } from './sample.ts'

/** When the first of them was sent; each next one a second later. */
export const START = Date.UTC(2026, 0, 31, 12)

/** Events with values at the boundaries of what queries distinguish. */
export const events = eventsOf([
  { status: 100, ms: 0, user: 'u1', plan: 'gold', weight: 1 },
  { status: 199, ms: 1, user: 'U1', plan: 'Gold', weight: 2, verb: 'POST', path: '/orders/1?a=1' },
  { status: 200, ms: 999, user: 'u*', plan: 'free', direction: 'Outgoing', path: '/orders' },
  { status: 299, ms: 1000, user: 'Ünal', plan: 7, blocked: 'rule-1', path: '/Orders/2' },
  { status: 404, ms: 1001, user: '', plan: true, direction: 'Incoming', session: 'tok' },
  { status: 499, ms: 60_000, user: null, plan: null, ip: null, verb: 'DELETE' },
  { status: 503, ms: 60_001, user: 'a "b" (c)', weight: 1.5, body: 'Out of Stock', path: '/' },
  { status: 599, ms: 2000, user: 'u1 ', plan: '', body: { sku: ['A-1', { n: 2 }] } },
  { status: null, ms: 0, user: 'or', company: 'ACME', body: 'sku', path: '/orders' },
  { status: 200, ms: 5, user: 'u1', company: '', transaction: true },
  { status: 200, ms: 5, user: 'u2', company: null, transaction: true },
  { status: 42, ms: 0, user: 'u3', path: `/${'x'.repeat(600)}` },
])

interface Row {
  status: number | null
  ms: number
  user: string | null
  plan?: unknown
  weight?: number
  verb?: string
  path?: string
  direction?: string
  blocked?: string
  session?: string
  ip?: string | null
  company?: string | null
  body?: unknown
  transaction?: boolean
}

function eventsOf(rows: Row[]): MoesifEvent[] {
  return rows.map((row, index) => {
    const { request, response } = sampleEvent()
    const at = START + index * 1000
    const { ip = '203.0.113.7', verb = 'GET', path = '/health', company = 'acme' } = row
    return sampleEvent({
      user_id: row.user,
      company_id: company,
      request: {
        ...request,
        verb,
        uri: `https://${index % 2 ? 'b' : 'API'}.example.com${path}`,
        time: new Date(at).toISOString(),
        ip_address: ip,
        headers: { 'X-Id': index % 3 ? 'abc' : 'ABD', shared: 'request' },
        body: row.body,
      },
      response:
        row.status === null
          ? null
          : {
              ...response!,
              status: row.status,
              time: new Date(at + row.ms).toISOString(),
              headers: { shared: `response-${index}` },
            },
      metadata: { plan: { name: row.plan ?? null } },
      ...(row.transaction && { transaction_id: '8c0e1b8e-6f0a-4c55-9d2e-0f5a3d6c7b8e' }),
      ...(row.direction && { direction: row.direction }),
      ...(row.blocked && { blocked_by: row.blocked }),
      ...(row.session && { session_token: row.session }),
      ...(row.weight !== undefined && { weight: row.weight }),
    })
  })
}
