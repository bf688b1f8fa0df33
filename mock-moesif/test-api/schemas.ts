const text = { type: 'string' } as const
const count = { type: 'integer', minimum: 0 } as const
const httpUrl = { type: 'string', pattern: '^https?://[^/]' } as const

/** What callers of the test API send: the routes judge by these, and the OpenAPI document shows them. */
export const schemas = {
  FaultSpec: {
    type: 'object',
    description: 'What a fault does to requests of the collector.',
    additionalProperties: false,
    minProperties: 1,
    properties: {
      applicationId: { ...text, description: 'Only requests of this application.' },
      route: {
        ...text,
        description: 'Path below the base path, `*` for anything: `/v1/events/*`.',
      },
      status: { type: 'integer', minimum: 200, maximum: 599 },
      retryAfter: { type: ['string', 'number'], description: 'Retry-After of the answer.' },
      delayMs: {
        description: 'Milliseconds, or a pair: uniformly random between the two.',
        oneOf: [
          { type: 'number', minimum: 0 },
          { type: 'array', minItems: 2, maxItems: 2, items: { type: 'number', minimum: 0 } },
        ],
      },
      connection: {
        enum: ['reset-before-read', 'reset-after-read', 'half-response', 'no-response'],
      },
      throttleBytesPerSecond: { type: 'number', exclusiveMinimum: 0 },
      probability: { type: 'number', minimum: 0, maximum: 1 },
      remaining: { type: 'integer', minimum: 1 },
      expiresInMs: { type: 'number', exclusiveMinimum: 0 },
    },
  },
  ForwardSpec: {
    type: 'object',
    additionalProperties: false,
    required: ['url', 'forwardAs'],
    properties: {
      url: { ...httpUrl, description: 'Base URL of the other collector.' },
      forwardAs: { ...text, minLength: 1, description: 'The application id to send there.' },
    },
  },
  GatewaySpec: {
    type: 'object',
    additionalProperties: false,
    required: ['listenerUrl', 'adminUrl'],
    properties: {
      listenerUrl: httpUrl,
      adminUrl: { ...httpUrl, description: "Envoy's admin, as people reach it." },
      adminUrlFromMock: { ...httpUrl, description: 'As the mock reaches it; adminUrl by default.' },
      options: { type: 'object', description: "The plugin's; read from Envoy when left out." },
      envoyVersion: { type: ['string', 'null'], description: 'Read from Envoy when left out.' },
    },
  },
  VerifySpec: {
    type: 'object',
    description: 'Without `order`, the events that match `filter` are counted.',
    additionalProperties: false,
    properties: {
      applicationId: text,
      filter: text,
      count,
      atLeast: count,
      atMost: count,
      order: {
        type: 'array',
        minItems: 1,
        items: text,
        description: 'Filters to be met one after the other.',
      },
    },
  },
} as const
