import type { AnswerOf, BodyOf, OperationName, PathOf, QueryOf } from '../contract/index.ts'
import { MockMoesifError, type Transport } from './transport.ts'

/** `undefined` leaves a parameter out. */
type Optional<Fields> = { [Key in keyof Fields]: Fields[Key] | undefined }

interface Always {
  /** Statuses besides 2xx whose document is returned rather than thrown. */
  accept?: readonly number[]
  signal?: AbortSignal | undefined
}

type Part<Key extends string, Value, Or = never> = [Value] extends [undefined]
  ? unknown
  : { [K in Key]: Value | Or }

export type CallArguments<Name extends OperationName> = Always & {
  query?: [QueryOf<Name>] extends [undefined] ? never : Optional<QueryOf<Name>>
} & Part<'path', PathOf<Name>> &
  Part<'body', BodyOf<Name>, Blob>

/** Calls an operation of the contract and returns its document, or its text where it is no JSON. */
export async function call<Name extends OperationName>(
  transport: Transport,
  name: Name,
  args: CallArguments<Name>,
): Promise<AnswerOf<Name>> {
  const {
    accept = [],
    signal,
    query,
    path,
    body,
  } = args as Always & {
    query?: object
    path?: object
    body?: unknown
  }
  const space = name.indexOf(' ')
  const method = name.slice(0, space)
  const target = withQuery(withParameters(name.slice(space + 1), path ?? {}), query ?? {})
  const { status, contentType, text } = await transport({
    method,
    path: target,
    ...sent(body),
    ...(signal && { signal }),
  })
  if ((status >= 200 && status < 300) || accept.includes(status))
    return (contentType === 'application/json' ? JSON.parse(text) : text) as AnswerOf<Name>
  throw new MockMoesifError(status, reasonIn(status, text), `${method} ${target}`)
}

/** Text and files go as they are, everything else as JSON. */
function sent(body: unknown): { body?: string | Blob; contentType?: string } {
  if (body === undefined) return {}
  if (typeof body === 'string' || body instanceof Blob)
    return { body, contentType: 'application/x-ndjson' }
  return { body: JSON.stringify(body), contentType: 'application/json' }
}

function withParameters(template: string, parameters: object): string {
  let path = template
  for (const [name, value] of Object.entries(parameters))
    path = path.replace(`{${name}}`, encodeURIComponent(String(value)))
  return path
}

/** A path of the test API with its query string, parameters that are undefined left out. */
export function withQuery(path: string, parameters: object): string {
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(parameters))
    if (value !== undefined) query.set(name, String(value))
  return query.size > 0 ? `${path}?${query}` : path
}

function reasonIn(status: number, text: string): string {
  try {
    return (JSON.parse(text) as { error: string }).error
  } catch {
    return text.slice(0, 500) || `The mock answered ${status}.`
  }
}
