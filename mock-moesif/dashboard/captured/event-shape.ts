import { asMembers, isMembers } from './members.ts'

/** Reads a captured event, which may have any shape at all, into what the detail shows. */
export interface Shape {
  request: Message
  response: Message | null
  /** Members of the event besides request and response, in its own order. */
  rest: [name: string, value: unknown][]
}

export interface Message {
  headers: [name: string, value: string][]
  body: unknown
  transferEncoding: string | null
  uri: string | null
  verb: string | null
  status: number | null
  /** Members that have no place of their own, or not the expected type. */
  rest: [name: string, value: unknown][]
}

export function shapeOf(event: unknown): Shape {
  const members = asMembers(event)
  return {
    request: messageOf(members['request']),
    response: isMembers(members['response']) ? messageOf(members['response']) : null,
    rest: Object.entries(members).filter(
      ([name, value]) => !((name === 'request' || name === 'response') && isMembers(value)),
    ),
  }
}

/** The value of a header whatever its case. */
export function headerOf(message: Message, name: string): string {
  return message.headers.find(([other]) => other.toLowerCase() === name)?.[1] ?? ''
}

/** Members that have a place of their own, when they have the expected type. */
const apart: Record<string, (value: unknown) => boolean> = {
  headers: isMembers,
  body: () => true,
  transfer_encoding: (value) => typeof value === 'string',
  uri: (value) => typeof value === 'string',
  verb: (value) => typeof value === 'string',
  status: (value) => typeof value === 'number',
}

function messageOf(value: unknown): Message {
  const members = asMembers(value)
  return {
    headers: Object.entries(asMembers(members['headers'])).flatMap(([name, header]) =>
      (Array.isArray(header) ? header : [header]).map((one): [string, string] => [
        name,
        asText(one),
      ]),
    ),
    body: members['body'],
    transferEncoding: stringOrNull(members['transfer_encoding']),
    uri: stringOrNull(members['uri']),
    verb: stringOrNull(members['verb']),
    status: typeof members['status'] === 'number' ? members['status'] : null,
    rest: Object.entries(members).filter(([name, member]) => !apart[name]?.(member)),
  }
}

/** Replaces a body that was not captured. */
export interface LeftOut {
  msg: string
  /** Bytes that passed. */
  length: number
}

export function isLeftOut(body: unknown): body is LeftOut {
  return (
    isMembers(body) &&
    typeof body['msg'] === 'string' &&
    body['msg'].startsWith('body left out: ') &&
    typeof body['length'] === 'number'
  )
}

export function asText(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '')
}

function stringOrNull(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null
}
