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

export interface Field {
  name: string
  kind: FieldKind
  /** A prefix: the name goes on after it, as in `header.x-id`. */
  prefix?: true
  /** Needs the event itself; the others are answered by a summary row. */
  deep?: true
  hint: string
  example: string
}

/** Every field of the query language, in the order in which completion offers them. */
export const fields: readonly Field[] = [
  { name: 'status', kind: 'status', hint: 'response status', example: 'status:>=500' },
  { name: 'verb', kind: 'text', hint: 'HTTP method', example: 'verb:POST' },
  { name: 'path', kind: 'text', hint: 'path of the URI', example: 'path:/orders*' },
  { name: 'host', kind: 'text', hint: 'host of the URI', example: 'host:api.example.com' },
  { name: 'uri', kind: 'text', hint: 'the full URI', example: 'uri:*?page=2*' },
  { name: 'user', kind: 'text', hint: 'user_id', example: 'user:u1' },
  { name: 'company', kind: 'text', hint: 'company_id', example: 'company:acme' },
  { name: 'app', kind: 'text', hint: 'application id', example: 'app:my-app' },
  { name: 'verdict', kind: 'text', hint: 'good, warning or bad', example: 'verdict:warning' },
  { name: 'bad', kind: 'flag', hint: 'Moesif would refuse it', example: 'bad:true' },
  { name: 'warning', kind: 'flag', hint: 'accepted, with a warning', example: 'warning:true' },
  { name: 'good', kind: 'flag', hint: 'nothing to remark', example: 'good:true' },
  {
    name: 'duplicate',
    kind: 'flag',
    hint: 'transaction_id seen before',
    example: 'duplicate:true',
  },
  { name: 'route', kind: 'text', hint: 'path by its shape', example: 'route:/orders/:id' },
  {
    name: 'blocked_by',
    kind: 'text',
    hint: 'governance rule that refused it',
    example: 'blocked_by:*',
  },
  { name: 'weight', kind: 'number', hint: 'exchanges it stands for', example: 'weight:>1' },
  {
    name: 'duration',
    kind: 'milliseconds',
    hint: 'response.time - request.time',
    example: 'duration:>250ms',
  },
  { name: 'age', kind: 'age', hint: 'since it arrived', example: 'age:<5m' },
  { name: 'time', kind: 'time', hint: 'request.time', example: 'time:>=2026-01-31T12:00:00Z' },
  { name: 'size', kind: 'bytes', hint: 'bytes of the event', example: 'size:>100kb' },
  { name: 'batch', kind: 'number', hint: 'batch number', example: 'batch:12' },
  { name: 'id', kind: 'number', hint: 'event number', example: 'id:>100' },
  {
    name: 'direction',
    kind: 'text',
    hint: 'Incoming, Outgoing, Internal',
    example: 'direction:Incoming',
  },
  { name: 'transaction', kind: 'text', hint: 'transaction_id', example: 'transaction:3f2a*' },
  { name: 'session', kind: 'text', deep: true, hint: 'session_token', example: 'session:abc' },
  { name: 'ip', kind: 'text', deep: true, hint: 'request.ip_address', example: 'ip:10.*' },
  {
    name: 'body',
    kind: 'contains',
    deep: true,
    hint: 'either body contains',
    example: 'body:"out of stock"',
  },
  {
    name: 'request.body',
    kind: 'contains',
    deep: true,
    hint: 'request body contains',
    example: 'request.body:sku',
  },
  {
    name: 'response.body',
    kind: 'contains',
    deep: true,
    hint: 'response body contains',
    example: 'response.body:error',
  },
  {
    name: 'header.',
    kind: 'text',
    prefix: true,
    deep: true,
    hint: 'header of either side',
    example: 'header.x-id:abc',
  },
  {
    name: 'request.header.',
    kind: 'text',
    prefix: true,
    deep: true,
    hint: 'request header',
    example: 'request.header.accept:*json*',
  },
  {
    name: 'response.header.',
    kind: 'text',
    prefix: true,
    deep: true,
    hint: 'response header',
    example: 'response.header.content-type:text/*',
  },
  {
    name: 'metadata.',
    kind: 'text',
    prefix: true,
    deep: true,
    hint: 'a member of metadata',
    example: 'metadata.plan:gold',
  },
  {
    name: 'event.',
    kind: 'text',
    prefix: true,
    deep: true,
    hint: 'any member by its path',
    example: 'event.request.api_version:1.2',
  },
  { name: 'has', kind: 'has', deep: true, hint: 'the field is present', example: 'has:user' },
  {
    name: 'text',
    kind: 'contains',
    deep: true,
    hint: 'anywhere in the event',
    example: 'text:timeout',
  },
]

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

const byName = new Map(fields.filter((field) => !field.prefix).map((field) => [field.name, field]))
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

/** The fields whose name starts with what was typed, for completion. */
export function completeField(typed: string): Field[] {
  const start = typed.toLowerCase()
  return fields.filter((field) => field.name.startsWith(start))
}
