import { expect } from 'vitest'
import type { Emulator, Exchange, LogLevel, Message } from '../index.ts'
import { describeExchange, matchesMessage, type MessageExpectation } from './message.ts'

export interface EmulatorMatchers {
  /** A VM crashed. */
  toHaveTrapped(): void
  /** A plugin logged a line that is, or matches, this; on that level where one is given. */
  toHaveLogged(line: string | RegExp, level?: LogLevel): void
  /** A plugin made an http_call to this cluster. */
  toHaveCalled(cluster: string, expected?: { path?: string; body?: string | RegExp }): void
  /** The request reached the upstream, with these headers and this body where they are given. */
  toReachUpstream(expected?: MessageExpectation): void
  /** The client got this answer. */
  toBeAnswered(status: number, expected?: MessageExpectation): void
  /** A filter gave the answer, by proxy_send_local_response. */
  toBeAnsweredByFilter(status: number, expected?: MessageExpectation): void
  /** A filter holds the request, or the response. */
  toBeHeldAt(side: 'request' | 'response'): void
}

declare global {
  // eslint-disable-next-line typescript/no-namespace
  namespace Chai {
    /** @note vitest's own `Matchers` has other type parameters in each major; all take in Chai's assertions. */
    interface Assertion extends EmulatorMatchers {}
  }
}

/** What a matcher answers to vitest. */
const verdict = (pass: boolean, expectation: string, seen: () => string) => ({
  pass,
  message: () => `Expected ${pass ? 'not ' : ''}${expectation}.\n${seen()}`,
})

const fits = (line: string, wanted: string | RegExp): boolean =>
  typeof wanted === 'string' ? line === wanted : wanted.test(line)

const answered = (message: Message | null, status: number, expected: MessageExpectation): boolean =>
  message?.headers.text(':status') === String(status) && matchesMessage(message, expected)

/**
 * Matchers for an `Emulator` and for what `worker(0).exchange(…)` gives. Importing this file adds them.
 *
 * @example expect(exchange).toBeAnsweredByFilter(403, { body: 'denied' })
 */
export const emulatorMatchers = {
  toHaveTrapped(emulator: Emulator) {
    const seen = () =>
      emulator.traps
        .map(
          ({ thread, callback, lastHostCall, error }) =>
            `${thread}: ${callback} after ${lastHostCall ?? 'no host call'}: ${error.message}`,
        )
        .join('\n') || 'No VM crashed.'
    return verdict(emulator.traps.length > 0, 'a crash', seen)
  },

  toHaveLogged(emulator: Emulator, line: string | RegExp, level?: LogLevel) {
    const messages = emulator.logs.messages(level)
    const seen = () => `Logged${level ? ` as ${level}` : ''}:\n${messages.join('\n') || 'nothing'}`
    return verdict(
      messages.some((message) => fits(message, line)),
      `the log line ${String(line)}`,
      seen,
    )
  },

  toHaveCalled(
    emulator: Emulator,
    cluster: string,
    expected: { path?: string; body?: string | RegExp } = {},
  ) {
    const { calls } = emulator.callouts
    const found = calls.some(
      (call) =>
        call.cluster === cluster &&
        (expected.path === undefined || call.headers[':path'] === expected.path) &&
        (expected.body === undefined || fits(Buffer.from(call.body).toString(), expected.body)),
    )
    const lines = calls.map(
      ({ cluster: to, headers, body, state }) =>
        `${to} ${headers[':method']} ${headers[':path']}, ${body.length} bytes, ${state}`,
    )
    return verdict(found, `a call to ${cluster}`, () => `Called:\n${lines.join('\n') || 'nobody'}`)
  },

  toReachUpstream(exchange: Exchange, expected: MessageExpectation = {}) {
    const { upstreamRequest } = exchange
    const pass = upstreamRequest !== null && matchesMessage(upstreamRequest, expected)
    return verdict(pass, 'the request to reach the upstream so', () => describeExchange(exchange))
  },

  toBeAnswered(exchange: Exchange, status: number, expected: MessageExpectation = {}) {
    const pass = answered(exchange.response, status, expected)
    return verdict(pass, `the client to get ${status}`, () => describeExchange(exchange))
  },

  toBeAnsweredByFilter(exchange: Exchange, status: number, expected: MessageExpectation = {}) {
    const pass = exchange.localReply !== null && answered(exchange.response, status, expected)
    return verdict(pass, `a filter to answer ${status}`, () => describeExchange(exchange))
  },

  toBeHeldAt(exchange: Exchange, side: 'request' | 'response') {
    const pass = exchange.heldAt === side
    return verdict(pass, `a filter to hold the ${side}`, () => describeExchange(exchange))
  },
}

expect.extend(emulatorMatchers)
