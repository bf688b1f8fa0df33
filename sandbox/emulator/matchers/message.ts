import type { Exchange, Message } from '../index.ts'

export interface MessageExpectation {
  /** By lower-case name; null where there must be none. */
  headers?: Readonly<Record<string, string | RegExp | null>>
  body?: string | RegExp
}

export function matchesMessage(
  message: Message,
  { headers = {}, body }: MessageExpectation,
): boolean {
  const fitsHeaders = Object.entries(headers).every(([name, wanted]) => {
    const value = message.headers.toObject()[name]
    if (wanted === null) return value === undefined
    return value !== undefined && fits(value, wanted)
  })
  return fitsHeaders && (body === undefined || fits(bodyOf(message), body))
}

/** Where an exchange is, for the message of a failed expectation. */
export function describeExchange(exchange: Exchange): string {
  const { upstreamRequest, response, heldAt, localReply, end } = exchange
  return [
    `upstream: ${describe(upstreamRequest)}`,
    `client: ${describe(response)}${localReply ? ' (by a filter)' : ''}`,
    heldAt ? `A filter holds the ${heldAt}.` : `over: ${end ?? 'no'}`,
  ].join('\n')
}

function describe(message: Message | null): string {
  if (!message) return 'nothing'
  const headers = Object.entries(message.headers.toObject()).map(([n, value]) => `${n}: ${value}`)
  return `${headers.join(', ')}; body ${JSON.stringify(bodyOf(message))}`
}

const bodyOf = ({ body }: Message): string => Buffer.from(body).toString()

const fits = (text: string, wanted: string | RegExp): boolean =>
  typeof wanted === 'string' ? text === wanted : wanted.test(text)
