/** What a spec says of an exchange; the rest is made up. */
export interface Exchange {
  verb?: string
  uri?: string
  status?: number
  user?: string
  company?: string
  durationMs?: number
  time?: number
  requestHeaders?: Record<string, unknown>
  responseHeaders?: Record<string, unknown>
  requestBody?: unknown
  responseBody?: unknown
  /** `base64` for both bodies. */
  encoding?: 'base64'
  /** Merged over the event at its top. */
  more?: Record<string, unknown>
}

/** An event of Moesif's collector API. */
export function exchange(said: Exchange = {}): Record<string, unknown> {
  const time = said.time ?? Date.now() - 1000
  const encoding = said.encoding && { transfer_encoding: said.encoding }
  return {
    request: {
      time: new Date(time).toISOString(),
      verb: said.verb ?? 'GET',
      uri: said.uri ?? 'https://api.example.com/orders',
      headers: said.requestHeaders ?? { accept: 'application/json' },
      ip_address: '203.0.113.7',
      ...(said.requestBody !== undefined && { body: said.requestBody, ...encoding }),
    },
    response: {
      time: new Date(time + (said.durationMs ?? 12)).toISOString(),
      status: said.status ?? 200,
      headers: said.responseHeaders ?? { 'content-type': 'application/json' },
      ...(said.responseBody !== undefined && { body: said.responseBody, ...encoding }),
    },
    transaction_id: crypto.randomUUID(),
    direction: 'Incoming',
    ...(said.user !== undefined && { user_id: said.user }),
    ...(said.company !== undefined && { company_id: said.company }),
    ...said.more,
  }
}

export function exchanges(
  count: number,
  said: (index: number) => Exchange,
): Record<string, unknown>[] {
  return Array.from({ length: count }, (_, index) => exchange(said(index)))
}
