import { expect } from 'vitest'
import { logLevels } from '../abi/constants.ts'
import type { Side } from '../contexts/filter.ts'
import { requireCount, requireOneOf } from '../host/option-checks.ts'
import type { Emulator, Exchange, LogLevel } from '../index.ts'
import { called, type CallExpectation } from './call.ts'
import { answered, held, reached } from './exchange-verdict.ts'
import { fits, requireExpectation, shown, type MessageExpectation } from './message.ts'
import { requireEmulator, requireExchange, requireText } from './received.ts'
import { verdict } from './verdict.ts'

export interface EmulatorMatchers {
  /** A VM crashed. */
  toHaveTrapped(): void
  /** A plugin logged a line that is, or matches, this; on that level where one is given. */
  toHaveLogged(line: string | RegExp, level?: LogLevel): void
  /** A plugin made an http_call to this cluster. */
  toHaveCalled(cluster: string, expected?: CallExpectation): void
  /** The request reached the upstream, with these headers and this body where they are given. */
  toReachUpstream(expected?: MessageExpectation): void
  /** The client got this answer. */
  toBeAnswered(status: number, expected?: MessageExpectation): void
  /** A filter gave the answer, by proxy_send_local_response: not Envoy since the filter trapped or held too much. */
  toBeAnsweredByFilter(status: number, expected?: MessageExpectation): void
  /** A filter holds the request, or the response. */
  toBeHeldAt(side: Side): void
}

declare global {
  // eslint-disable-next-line typescript/no-namespace
  namespace Chai {
    /** @note vitest's own `Matchers` has other type parameters in each major; all take in Chai's assertions. */
    interface Assertion extends EmulatorMatchers {}
  }
}

/**
 * Matchers for an `Emulator` and for what `worker(0).exchange(…)` gives. Importing this file adds them.
 *
 * @example expect(exchange).toBeAnsweredByFilter(403, { body: 'denied' })
 */
export const emulatorMatchers = {
  toHaveTrapped(received: Emulator) {
    const { traps } = requireEmulator('toHaveTrapped', received)
    const seen = () =>
      traps
        .map(
          ({ thread, callback, lastHostCall, error }) =>
            `${thread}: ${callback} after ${lastHostCall ?? 'no host call'}: ${error.message}`,
        )
        .join('\n') || 'No VM crashed.'
    return verdict(traps.length > 0, 'a crash', seen)
  },

  toHaveLogged(received: Emulator, line: string | RegExp, level?: LogLevel) {
    const { logs } = requireEmulator('toHaveLogged', received)
    requireText('The line of toHaveLogged', line)
    if (level !== undefined) requireOneOf('The level of toHaveLogged', level, logLevels)
    const messages = logs.messages(level)
    const seen = () => `Logged${level ? ` as ${level}` : ''}:\n${messages.join('\n') || 'nothing'}`
    return verdict(
      messages.some((message) => fits(message, line)),
      `the log line ${shown(line)}`,
      seen,
    )
  },

  toHaveCalled(received: Emulator, cluster: string, expected: CallExpectation = {}) {
    const { callouts } = requireEmulator('toHaveCalled', received)
    return called(callouts.calls, cluster, expected)
  },

  toReachUpstream(received: Exchange, expected: MessageExpectation = {}) {
    const exchange = requireExchange('toReachUpstream', received)
    requireExpectation('toReachUpstream', expected)
    return reached(exchange, expected)
  },

  toBeAnswered(received: Exchange, status: number, expected: MessageExpectation = {}) {
    const exchange = requireExchange('toBeAnswered', received)
    requireCount('The status of toBeAnswered', status, 100)
    requireExpectation('toBeAnswered', expected)
    return answered(exchange, status, expected, false)
  },

  toBeAnsweredByFilter(received: Exchange, status: number, expected: MessageExpectation = {}) {
    const exchange = requireExchange('toBeAnsweredByFilter', received)
    requireCount('The status of toBeAnsweredByFilter', status, 100)
    requireExpectation('toBeAnsweredByFilter', expected)
    return answered(exchange, status, expected, true)
  },

  toBeHeldAt(received: Exchange, side: Side) {
    const exchange = requireExchange('toBeHeldAt', received)
    requireOneOf('The side of toBeHeldAt', side, ['request', 'response'])
    return held(exchange, side)
  },
}

expect.extend(emulatorMatchers)
