/** What is sent, once for wrk and once for the emulator, which counts host calls. */
export interface Scenario {
  name: string
  method: 'GET' | 'POST'
  path: string
  headers: Record<string, string>
  body: string
  /** The size of the upstream's answer, a JSON document; 0 for none. */
  answerBytes: number
}

const usual = {
  'user-agent': 'bench/1.0',
  accept: 'application/json',
  'x-user-id': 'user-12345',
  'x-company-id': 'company-1',
}

/** As an API would send it: many short members rather than one long string. */
const records = (bytes: number): string => {
  const items: object[] = []
  let length = 12
  for (let id = 1; ; id++) {
    const item = { id, name: `thing ${id}`, price: id * 1.25, tags: ['a', 'b'], ok: true }
    length += JSON.stringify(item).length + 1
    if (length > bytes) return JSON.stringify({ items })
    items.push(item)
  }
}

const post = { method: 'POST', path: '/api/v1/things?id=42' } as const
const json = { 'content-type': 'application/json' }

export const scenarios: readonly Scenario[] = [
  {
    name: 'POST 500 B, JSON reply',
    ...post,
    headers: { ...usual, ...json },
    body: records(500),
    answerBytes: 500,
  },
  {
    name: 'POST 5 KB of JSON',
    ...post,
    headers: { ...usual, ...json },
    body: records(5000),
    answerBytes: 0,
  },
  {
    name: 'GET without bodies',
    method: 'GET',
    path: '/api/v1/things?id=42',
    headers: usual,
    body: '',
    answerBytes: 0,
  },
  {
    name: '50 headers',
    method: 'GET',
    path: '/api/v1/things',
    headers: {
      ...usual,
      ...Object.fromEntries(
        Array.from({ length: 46 }, (_, index) => [
          `x-header-${index}`,
          `some value number ${index}`,
        ]),
      ),
    },
    body: '',
    answerBytes: 0,
  },
  {
    name: '100 KB body',
    ...post,
    headers: { ...usual, 'content-type': 'text/plain' },
    body: 'x'.repeat(99_000),
    answerBytes: 500,
  },
]

export const answerOf = (scenario: Scenario): string =>
  scenario.answerBytes > 0 ? records(scenario.answerBytes) : ''
