const text = { type: 'string' } as const
const number = { type: 'number' } as const
const integer = { type: 'integer' } as const
const textOrNull = { type: ['string', 'null'] } as const
const integerOrNull = { type: ['integer', 'null'] } as const
const verdict = { enum: ['good', 'warning', 'bad'] } as const

/** An object that has exactly these members. */
function exact<Properties extends object>(properties: Properties) {
  return {
    type: 'object',
    additionalProperties: false,
    required: Object.keys(properties),
    properties,
  } as const
}

const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` })
const listOf = (items: object) => ({ type: 'array', items })

const eventSummary = {
  id: { ...integer, description: 'Ascends by arrival; also the id of the stream.' },
  applicationId: text,
  batchId: integer,
  receivedAt: { ...integer, description: 'Unix ms' },
  time: { ...integerOrNull, description: 'request.time, Unix ms' },
  verb: textOrNull,
  uri: textOrNull,
  status: integerOrNull,
  durationMs: integerOrNull,
  userId: textOrNull,
  companyId: textOrNull,
  direction: textOrNull,
  transactionId: textOrNull,
  size: { ...integer, description: 'Bytes of JSON as received' },
  verdict,
  duplicateOf: { ...integerOrNull, description: 'First event with the same transaction_id' },
}

/** What the test API answers. Strict, so that a spec notices what the document does not say. */
export const answerSchemas = {
  Error: {
    type: 'object',
    required: ['error'],
    properties: { error: { ...text, description: 'What is wrong, and what to change' } },
  },
  EventSummary: exact(eventSummary),
  EventRecord: exact({ ...eventSummary, event: {}, findings: listOf(ref('Finding')) }),
  Finding: exact({
    severity: { enum: ['error', 'warning'] },
    pointer: { ...text, description: 'JSON pointer into the event' },
    message: text,
  }),
  EventPage: exact({
    items: listOf(ref('EventSummary')),
    total: integerOrNull,
    next: integerOrNull,
  }),
  BatchPage: exact({ items: listOf(ref('BatchSummary')), total: integer, next: integerOrNull }),
  RequestPage: exact({ items: listOf(ref('RequestSummary')), total: integer, next: integerOrNull }),
  BatchSummary: exact({
    id: integer,
    requestId: integer,
    applicationId: text,
    receivedAt: integer,
    eventCount: integer,
    firstEventId: integerOrNull,
    lastEventId: integerOrNull,
    encoding: text,
    wireBytes: integer,
    decodedBytes: integer,
    answer: integerOrNull,
    fault: textOrNull,
    retryOf: integerOrNull,
    forwarded: { oneOf: [ref('Forwarded'), { type: 'null' }] },
  }),
  Forwarded: exact({ url: text, answer: integerOrNull, error: textOrNull, durationMs: integer }),
  RequestSummary: exact({
    id: integer,
    receivedAt: integer,
    applicationId: textOrNull,
    method: text,
    path: text,
    headers: { type: 'object', additionalProperties: text },
    wireBytes: integer,
    answer: integerOrNull,
    fault: textOrNull,
    durationMs: number,
  }),
  Counts: exact({
    events: integer,
    received: integer,
    unique: integer,
    duplicates: integer,
    good: integer,
    warning: integer,
    bad: integer,
    evicted: integer,
    batches: integer,
    requests: integer,
    bytes: integer,
  }),
  NearMiss: exact({
    event: ref('EventSummary'),
    failed: listOf(exact({ condition: text, actual: text })),
  }),
  AwaitAnswer: exact({
    met: { type: 'boolean' },
    count: integer,
    expected: integer,
    waitedMs: integer,
    events: listOf(ref('EventRecord')),
    nearest: listOf(ref('NearMiss')),
  }),
  VerifyAnswer: exact({
    met: { type: 'boolean' },
    message: text,
    count: integer,
    nearest: listOf(ref('NearMiss')),
  }),
  Fault: {
    type: 'object',
    required: ['id', 'createdAt', 'expiresAt', 'hits'],
    description: 'A FaultSpec that is set.',
    properties: { id: integer, createdAt: integer, expiresAt: integerOrNull, hits: integer },
  },
  Gateway: exact({
    listenerUrl: text,
    adminUrl: text,
    options: { type: 'object' },
    envoyVersion: textOrNull,
    reachable: { type: 'boolean' },
    counters: { type: 'object', additionalProperties: number },
  }),
  Application: exact({ applicationId: text, counts: ref('Counts') }),
  Entity: exact({
    id: integer,
    applicationId: text,
    kind: { enum: ['users', 'companies', 'subscriptions', 'actions'] },
    receivedAt: integer,
    document: {},
  }),
  Forward: exact({ applicationId: text, url: text, forwardAs: text }),
} as const
