/** How a field's value is compared: `text` exactly or by `*`, `contains` as a part, the others as numbers. */
type FieldKind =
  | 'text'
  | 'contains'
  | 'number'
  | 'status'
  | 'bytes'
  | 'milliseconds'
  | 'age'
  | 'time'
  | 'flag'
  | 'has'

interface Described {
  name: string
  kind: FieldKind
  /** A prefix: the name goes on after it, as in `header.x-id`. */
  prefix?: true
  /** Needs the event itself; the others are answered by a summary row. */
  deep?: true
  hint: string
  /** What may follow its name. */
  example: string
}

const all = [
  { name: 'status', kind: 'status', hint: 'response status', example: '>=500' },
  { name: 'verb', kind: 'text', hint: 'HTTP method', example: 'POST' },
  { name: 'path', kind: 'text', hint: 'path of the URI', example: '/orders*' },
  { name: 'host', kind: 'text', hint: 'host of the URI', example: 'api.example.com' },
  { name: 'uri', kind: 'text', hint: 'the full URI', example: '*?page=2*' },
  { name: 'user', kind: 'text', hint: 'user_id', example: 'u1' },
  { name: 'company', kind: 'text', hint: 'company_id', example: 'acme' },
  { name: 'app', kind: 'text', hint: 'application id', example: 'my-app' },
  { name: 'verdict', kind: 'text', hint: 'good, warning or bad', example: 'warning' },
  { name: 'bad', kind: 'flag', hint: 'Moesif would refuse it', example: 'true' },
  { name: 'warning', kind: 'flag', hint: 'accepted, with a warning', example: 'true' },
  { name: 'good', kind: 'flag', hint: 'nothing to remark', example: 'true' },
  {
    name: 'duplicate',
    kind: 'flag',
    hint: 'transaction_id seen before',
    example: 'true',
  },
  { name: 'route', kind: 'text', hint: 'path by its shape', example: '/orders/:id' },
  {
    name: 'blocked_by',
    kind: 'text',
    hint: 'governance rule that refused it',
    example: '*',
  },
  { name: 'weight', kind: 'number', hint: 'exchanges it stands for', example: '>1' },
  {
    name: 'duration',
    kind: 'milliseconds',
    hint: 'response.time - request.time',
    example: '>250ms',
  },
  { name: 'age', kind: 'age', hint: 'since it arrived', example: '<5m' },
  { name: 'time', kind: 'time', hint: 'request.time', example: '>=2026-01-31T12:00:00Z' },
  { name: 'size', kind: 'bytes', hint: 'bytes of the event', example: '>100kb' },
  { name: 'batch', kind: 'number', hint: 'batch number', example: '12' },
  { name: 'id', kind: 'number', hint: 'event number', example: '>100' },
  {
    name: 'direction',
    kind: 'text',
    hint: 'Incoming, Outgoing, Internal',
    example: 'Incoming',
  },
  { name: 'transaction', kind: 'text', hint: 'transaction_id', example: '3f2a*' },
  { name: 'session', kind: 'text', deep: true, hint: 'session_token', example: 'abc' },
  { name: 'ip', kind: 'text', deep: true, hint: 'request.ip_address', example: '10.*' },
  {
    name: 'body',
    kind: 'contains',
    deep: true,
    hint: 'either body contains',
    example: '"out of stock"',
  },
  {
    name: 'request.body',
    kind: 'contains',
    deep: true,
    hint: 'request body contains',
    example: 'sku',
  },
  {
    name: 'response.body',
    kind: 'contains',
    deep: true,
    hint: 'response body contains',
    example: 'error',
  },
  {
    name: 'request.body.',
    kind: 'text',
    prefix: true,
    deep: true,
    hint: 'a member of the request body',
    example: 'sku:a-1',
  },
  {
    name: 'response.body.',
    kind: 'text',
    prefix: true,
    deep: true,
    hint: 'a member of the response body',
    example: 'error.code:42',
  },
  {
    name: 'header.',
    kind: 'text',
    prefix: true,
    deep: true,
    hint: 'header of either side',
    example: 'x-id:abc',
  },
  {
    name: 'request.header.',
    kind: 'text',
    prefix: true,
    deep: true,
    hint: 'request header',
    example: 'accept:*json*',
  },
  {
    name: 'response.header.',
    kind: 'text',
    prefix: true,
    deep: true,
    hint: 'response header',
    example: 'content-type:text/*',
  },
  {
    name: 'metadata.',
    kind: 'text',
    prefix: true,
    deep: true,
    hint: 'a member of metadata',
    example: 'plan:gold',
  },
  {
    name: 'event.',
    kind: 'text',
    prefix: true,
    deep: true,
    hint: 'any member by its path',
    example: 'request.api_version:1.2',
  },
  { name: 'has', kind: 'has', deep: true, hint: 'present and not empty', example: 'user' },
  { name: 'missing', kind: 'has', deep: true, hint: 'absent: not even empty', example: 'user' },
  {
    name: 'text',
    kind: 'contains',
    deep: true,
    hint: 'anywhere in the event',
    example: 'timeout',
  },
] as const satisfies readonly Described[]

export interface Field extends Described {
  name: (typeof all)[number]['name']
}

/** Every field of the query language, in the order in which completion offers them. */
export const fields: readonly Field[] = all

/** Words that people know from elsewhere, or from the event itself. */
const aliases: Record<string, string> = {
  method: 'verb',
  latency: 'duration',
  blocked: 'blocked_by',
  user_id: 'user',
  company_id: 'company',
  session_token: 'session',
  transaction_id: 'transaction',
  application: 'app',
  'request.verb': 'verb',
  'request.uri': 'uri',
  'request.time': 'time',
  'request.ip_address': 'ip',
  'response.status': 'status',
}

const byName = new Map<string, Field>(
  fields.filter((field) => !field.prefix).map((field) => [field.name, field]),
)
const prefixes = fields
  .filter((field) => field.prefix)
  .sort((a, b) => b.name.length - a.name.length)

/** Finds the field of a written name; `key` is what follows a prefix. */
export function findField(written: string): { field: Field; key: string } | undefined {
  const name = written.toLowerCase()
  const exact = byName.get(Object.hasOwn(aliases, name) ? aliases[name]! : name)
  if (exact) return { field: exact, key: '' }
  const prefix = prefixes.find(
    (field) => name.startsWith(field.name) && name.length > field.name.length,
  )
  return prefix && { field: prefix, key: written.slice(prefix.name.length) }
}

/** Whether events can be grouped by its value. Of the others, each event would be a group of its own. */
export function isGroupable({ kind, name }: Field): boolean {
  return kind !== 'has' && kind !== 'age' && kind !== 'time' && name !== 'text'
}

/** What stands before a value, or before the rest of the name. */
export function beginningOf({ name, prefix }: Field): string {
  return prefix ? name : `${name}:`
}

export function exampleOf(field: Field): string {
  return beginningOf(field) + field.example
}

/** The fields whose name starts with what was typed, for completion. */
export function completeField(typed: string): Field[] {
  const start = typed.toLowerCase()
  return fields.filter((field) => field.name.startsWith(start))
}
