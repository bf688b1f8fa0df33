import type { HeaderMap, Message } from '../index.ts'
import { requireMembers, requireText } from './received.ts'

/** A text is the whole value, a RegExp is found in it. */
export type TextExpectation = string | RegExp

export interface MessageExpectation {
  /**
   * By name, in any letter case. Of a header that is there several times an array has each value in order, a text or RegExp all
   * of them joined by a comma, as Envoy's properties show them; null where there must be none.
   */
  headers?: Readonly<Record<string, TextExpectation | readonly TextExpectation[] | null>>
  body?: TextExpectation
}

/** @throws TypeError for what can't be compared */
export function requireExpectation(matcher: string, expected: MessageExpectation): void {
  requireMembers(matcher, expected, ['headers', 'body'])
  const { headers = {}, body } = expected
  if (body !== undefined) requireText(`The body of ${matcher}`, body)
  for (const [name, wanted] of Object.entries(headers)) {
    for (const text of [wanted].flat()) {
      if (text !== null) requireText(`The header ${name} of ${matcher}`, text)
    }
  }
}

/** In words, for the first line of a failure: ` with header x-user "ada" and body "done"`. */
export function describeExpectation({ headers = {}, body }: MessageExpectation): string {
  const parts = Object.entries(headers).map(([name, wanted]) =>
    wanted === null ? `no header ${name}` : `header ${name} ${shown(wanted)}`,
  )
  if (body !== undefined) parts.push(`body ${shown(body)}`)
  return parts.length > 0 ? ` with ${parts.join(' and ')}` : ''
}

/** What of a message is not as expected, a line each. */
export function differences(
  message: Message,
  { headers = {}, body }: MessageExpectation,
): string[] {
  const lines = Object.entries(headers).flatMap(([name, wanted]) => {
    const values = valuesOf(message.headers, name)
    if (wanted === null ? values.length === 0 : fitsValues(values, wanted)) return []
    const expected = wanted === null ? 'none' : shown(wanted)
    const seen =
      values.length > 1 ? shown(values) : values[0] === undefined ? 'none' : shown(values[0])
    return [`header ${name}: expected ${expected}, got ${seen}`]
  })
  if (body !== undefined && !fits(bodyOf(message), body)) {
    lines.push(`body: expected ${shown(body)}, got ${shown(bodyOf(message))}`)
  }
  return lines
}

export function describeMessage(message: Message | null): string {
  if (!message) return 'nothing'
  const headers = [...message.headers].map(([name, value]) => `${name}: ${textOf(value)}`)
  return `${headers.join(', ')}; body ${shown(bodyOf(message))}`
}

/** @note `search` starts at 0 whatever the flags: `test` of a global RegExp goes on where it ended last. */
export const fits = (text: string, wanted: TextExpectation): boolean =>
  typeof wanted === 'string' ? text === wanted : text.search(wanted) >= 0

export const shown = (wanted: TextExpectation | readonly TextExpectation[]): string =>
  typeof wanted === 'string'
    ? JSON.stringify(wanted)
    : wanted instanceof RegExp
      ? String(wanted)
      : `[${wanted.map(shown).join(', ')}]`

function fitsValues(
  values: readonly string[],
  wanted: TextExpectation | readonly TextExpectation[],
): boolean {
  if (typeof wanted === 'string' || wanted instanceof RegExp) {
    return values.length > 0 && fits(values.join(','), wanted)
  }
  return (
    values.length === wanted.length && values.every((value, index) => fits(value, wanted[index]!))
  )
}

const valuesOf = (headers: HeaderMap, name: string): string[] =>
  [...headers].filter(([other]) => other === name.toLowerCase()).map(([, value]) => textOf(value))

const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString()

const bodyOf = ({ body }: Message): string => textOf(body)
