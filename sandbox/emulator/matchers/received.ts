import { Emulator, Exchange } from '../index.ts'

/** @throws TypeError, also under `.not`: an expectation of anything else would hold or fail by accident. */
export function requireEmulator(matcher: string, received: unknown): Emulator {
  if (received instanceof Emulator) return received
  throw new TypeError(
    `${matcher} takes an emulator, as Emulator.load(…) resolves with, not ${kindOf(received)}.`,
  )
}

/** @throws TypeError, also under `.not` */
export function requireExchange(matcher: string, received: unknown): Exchange {
  if (received instanceof Exchange) return received
  throw new TypeError(
    `${matcher} takes an exchange, as worker(0).exchange(…) returns, not ${kindOf(received)}.`,
  )
}

/** @throws TypeError for members that it does not know, which would be taken as met. */
export function requireMembers(matcher: string, expected: unknown, known: readonly string[]): void {
  if (typeof expected !== 'object' || expected === null || Array.isArray(expected)) {
    throw new TypeError(`${matcher} expects an object, not ${kindOf(expected)}.`)
  }
  const unknown = Object.keys(expected).find((name) => !known.includes(name))
  if (unknown === undefined) return
  throw new TypeError(`${matcher} knows ${known.join(' and ')}, not ${JSON.stringify(unknown)}.`)
}

/** @throws TypeError */
export function requireText(what: string, value: unknown): void {
  if (typeof value === 'string' || value instanceof RegExp) return
  throw new TypeError(`${what} has to be a text or a RegExp, not ${kindOf(value)}.`)
}

/** What a value is, in words. */
export function kindOf(value: unknown): string {
  if (value === null || value === undefined || typeof value === 'boolean') return String(value)
  if (typeof value === 'string') return `the text ${JSON.stringify(value)}`
  if (value instanceof Promise) return 'a Promise: await it first'
  if (typeof value !== 'object') return `a ${typeof value}`
  return `an object of ${value.constructor?.name ?? 'no class'}`
}
