import type { AnswerOf, BodyOf, OperationName, PathOf, QueryOf } from '../contract/index.ts'
import type { ErrorAnswer } from '../contract/operation.ts'
import { type Answered, MockMoesifError, type Transport } from './transport.ts'

/** `undefined` leaves a parameter out. */
type Optional<Fields> = { [Key in keyof Fields]: Fields[Key] | undefined }

interface Always {
  /** Statuses besides 2xx whose document is returned rather than thrown. */
  accept?: readonly number[]
  /** Resolves with the answer as bytes. */
  binary?: boolean
  signal?: AbortSignal | undefined
}

type Part<Key extends string, Value, Or = never> = [Value] extends [undefined]
  ? unknown
  : { [K in Key]: Value | Or }

export type CallArguments<Name extends OperationName> = Always & {
  query?: [QueryOf<Name>] extends [undefined] ? never : Optional<QueryOf<Name>>
} & Part<'path', PathOf<Name>> &
  Part<'body', BodyOf<Name>, Blob>

/** The arguments of any operation. */
interface Loose extends Always {
  query?: object
  path?: object
  body?: unknown
}

/** Calls an operation of the contract and returns its document, or its text if that is not JSON. */
export async function call<Name extends OperationName>(
  transport: Transport,
  name: Name,
  args: CallArguments<Name>,
): Promise<AnswerOf<Name>> {
  const { contentType, text } = await send(transport, name, args)
  return (contentType === 'application/json' ? JSON.parse(text) : text) as AnswerOf<Name>
}

/** The same, with the answer as it came. */
export async function send<Name extends OperationName>(
  transport: Transport,
  name: Name,
  args: CallArguments<Name>,
): Promise<Answered> {
  const { accept = [], binary, signal, query, path, body } = args as Loose
  const space = name.indexOf(' ')
  const method = name.slice(0, space)
  const target = withQuery(withParameters(name.slice(space + 1), path ?? {}), query ?? {})
  const answered = await transport({
    method,
    path: target,
    ...sent(body),
    ...(binary && { binary }),
    ...(signal && { signal }),
  })
  const { status, text } = answered
  if ((status >= 200 && status < 300) || accept.includes(status)) return answered
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
    return (JSON.parse(text) as ErrorAnswer).error
  } catch {
    return text.slice(0, 500) || `The mock answered ${status}.`
  }
}
