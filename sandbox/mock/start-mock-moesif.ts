import { startMockMoesif as start, type MockMoesifOptions } from '#mock-moesif/start-mock-moesif.ts'
import type { StartedMockMoesif } from '#mock-moesif/started-mock-moesif.ts'
import { judgeExpressions } from './judge-expressions.ts'
import { tryCall } from './try-call.ts'

/**
 * Starts a mock of Moesif's collector with its test API and dashboard; `POST /_mock/try` runs the plugin's own module.
 *
 * @throws Error when it cannot listen: the message names address, port and what to do
 * @example
 * await using moesif = await startMockMoesif()
 * // … send events to moesif.url …
 * const [event] = await moesif.application('my-app').awaitEvents({ count: 1, where: 'user:u1' })
 */
export async function startMockMoesif(options: MockMoesifOptions = {}): Promise<StartedMockMoesif> {
  return await start({ tryCall, judgeExpressions, ...options })
}
