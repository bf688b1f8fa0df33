import { expect } from 'vitest'
import { ApplicationClient, type AwaitOptions } from '../client/index.ts'
import { eventLine, explain } from '../client/unmet-expectation.ts'

export interface MoesifMatchers {
  /** Waits until `count` events (1 by default) match `where`, for `timeout` ms (5000 by default). */
  toHaveEvents(options?: AwaitOptions): Promise<void>
  /** Checks that no event matches `where`, and that none comes within `timeout` ms (0 by default). */
  toHaveNoEvents(options?: Pick<AwaitOptions, 'where' | 'timeout'>): Promise<void>
}

declare global {
  // eslint-disable-next-line typescript/no-namespace
  namespace Chai {
    /** @note vitest's own `Matchers` has other type parameters in each major; all take in Chai's assertions. */
    interface Assertion extends MoesifMatchers {}
  }
}

/**
 * Matchers for `application(id)` of the mock. Importing this module adds them to vitest's `expect`.
 *
 * @example await expect(moesif.application('my-app')).toHaveEvents({ count: 2, where: 'status:200' })
 */
export const moesifMatchers = {
  async toHaveEvents(received: ApplicationClient, options: AwaitOptions = {}) {
    const app = requireApplication('toHaveEvents', received)
    requireMembers('toHaveEvents', options, ['count', 'exactly', 'where', 'timeout'])
    const answer = await app.tryAwaitEvents(options)
    return {
      pass: answer.met,
      message: () =>
        answer.met
          ? `Expected no ${answer.expected} events matching ${options.where ?? 'anything'}, got ${answer.count}.`
          : explain(app.id, options, answer),
    }
  },

  async toHaveNoEvents(
    received: ApplicationClient,
    expected: Pick<AwaitOptions, 'where' | 'timeout'> = {},
  ) {
    const app = requireApplication('toHaveNoEvents', received)
    requireMembers('toHaveNoEvents', expected, ['where', 'timeout'])
    const { where, timeout = 0 } = expected
    const options = { count: 0, exactly: true, timeout, ...(where === undefined ? {} : { where }) }
    const answer = await app.tryAwaitEvents(options)
    return {
      pass: answer.met,
      message: () =>
        answer.met
          ? `Expected an event matching ${where ?? 'anything'}, got none.`
          : [
              `Expected no event matching ${where ?? 'anything'}, got ${answer.count} or more:`,
              ...answer.events.map(eventLine),
            ].join('\n'),
    }
  },
}

/** @throws TypeError, also under `.not` */
function requireApplication(matcher: string, received: unknown): ApplicationClient {
  if (received instanceof ApplicationClient) return received
  const kind = received instanceof Object ? `a ${received.constructor?.name}` : String(received)
  throw new TypeError(`${matcher} takes an application, as moesif.application(id), not ${kind}.`)
}

/** @throws TypeError for members that it does not know, which would be taken as met. */
function requireMembers(matcher: string, options: object, known: readonly string[]): void {
  const unknown = Object.keys(options).find((name) => !known.includes(name))
  if (unknown === undefined) return
  throw new TypeError(`${matcher} knows ${known.join(', ')}, not ${JSON.stringify(unknown)}.`)
}

expect.extend(moesifMatchers)
