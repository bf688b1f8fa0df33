import type { MockOptions } from '#mock-moesif/create-mock.ts'
import { moesifHandlers as handlers, type MoesifHandlers } from '#mock-moesif/moesif-handlers.ts'
import { judgeExpressions } from './judge-expressions.ts'
import { tryCall } from './try-call.ts'

/**
 * The mock without a port: handlers for `msw/node` that take every request to a Moesif collector, on any host.
 * Spread them into `setupServer`, and read what came from the same object, which is a client of the mock.
 *
 * @example
 * const moesif = moesifHandlers()
 * const server = setupServer(...moesif)
 * server.listen()
 * // … the application under test sends to https://api.moesif.net …
 * await moesif.application('my-app').awaitEvents({ count: 1 })
 */
export function moesifHandlers(options: MockOptions = {}): MoesifHandlers {
  return handlers({ tryCall, judgeExpressions, ...options })
}

export type { MoesifHandlers }
