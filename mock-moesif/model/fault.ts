import { Type } from 'typebox'
import { exact, integerOrNull } from './shapes.ts'

/** The longest delay of a Node timer; longer ones fire at once. */
const milliseconds = { minimum: 0, maximum: 2 ** 31 - 1 }

/** Only characters that a header can carry. */
const PRINTABLE = '^[^\\x00-\\x1f\\x7f]+$'

const spec = {
  applicationId: Type.Optional(
    Type.String({
      description: 'Only requests of this application',
      pattern: PRINTABLE,
      maxLength: 1000,
    }),
  ),
  route: Type.Optional(
    Type.String({
      description:
        'Path below the base path, `*` for anything: `/v1/events/*`; any path by default',
      pattern: PRINTABLE,
      maxLength: 1000,
    }),
  ),
  status: Type.Optional(Type.Integer({ minimum: 200, maximum: 599 })),
  body: Type.Optional(
    Type.String({
      description: 'Body of the answer instead of its own; for example invalid JSON for /v1/config',
      maxLength: 10_000,
    }),
  ),
  retryAfter: Type.Optional(
    Type.Unsafe<string | number>({
      description: 'Retry-After of the answer: seconds, or an HTTP date',
      type: ['integer', 'string'],
      minimum: 0,
      maximum: Number.MAX_SAFE_INTEGER,
      maxLength: 100,
      pattern: '^[\\x21-\\x7e][\\x20-\\x7e]*$',
    }),
  ),
  delayMs: Type.Optional(
    Type.Unsafe<number | [number, number]>({
      description: 'Milliseconds, or a pair [least, most]: uniformly random between the two',
      type: ['number', 'array'],
      ...milliseconds,
      minItems: 2,
      maxItems: 2,
      items: { type: 'number', ...milliseconds },
      'x-ascending': true,
    }),
  ),
  connection: Type.Optional(
    Type.Enum(['reset-before-read', 'reset-after-read', 'half-response', 'no-response']),
  ),
  throttleBytesPerSecond: Type.Optional(
    Type.Number({ description: 'Reads the request body at this rate', minimum: 1, maximum: 1e12 }),
  ),
  probability: Type.Optional(Type.Number({ minimum: 0, maximum: 1 })),
  remaining: Type.Optional(
    Type.Integer({
      description: 'Affects only the next N requests',
      minimum: 1,
      maximum: Number.MAX_SAFE_INTEGER,
    }),
  ),
  expiresInMs: Type.Optional(
    Type.Number({
      description: 'Milliseconds after which the fault is removed',
      exclusiveMinimum: 0,
      maximum: 1e13,
    }),
  ),
}

/** What a fault does to a request of the collector. Without `remaining` and `probability` it holds for every request. */
export const FaultSpec = exact(spec, {
  title: 'FaultSpec',
  description: 'What a fault does to requests of the collector.',
  minProperties: 1,
})
export type FaultSpec = Type.Static<typeof FaultSpec>

/** A fault that is set. */
export const Fault = exact(
  {
    ...spec,
    id: Type.Integer(),
    createdAt: Type.Integer({ description: 'Unix ms' }),
    expiresAt: integerOrNull({ description: 'Unix ms, null when it never expires' }),
    hits: Type.Integer(),
  },
  { title: 'Fault' },
)
export type Fault = Type.Static<typeof Fault>
