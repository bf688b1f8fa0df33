import { setTimeout as sleep } from 'node:timers/promises'

export interface UntilOptions {
  /** What did not happen, for the message: `Envoy did not become ready`. */
  what: string | (() => string | Promise<string>)
  timeoutMs?: number
  /** Time between two checks. */
  everyMs?: number
}

/** A condition that was not met in time. */
export class ConditionNotMet extends Error {
  override readonly name = 'ConditionNotMet'
}

/**
 * Waits until `condition` gives something truthy, and resolves with it. What the condition throws ends the wait.
 *
 * @throws ConditionNotMet when time is over
 * @example
 * const address = await until(() => readFile(file, 'utf8').catch(() => ''), { what: 'Envoy named no address' })
 */
export async function until<Value>(
  condition: () => Value | Promise<Value>,
  { what, timeoutMs = 30_000, everyMs = 20 }: UntilOptions,
): Promise<NonNullable<Value>> {
  const deadline = performance.now() + timeoutMs
  for (;;) {
    const value = await condition()
    if (value) return value
    if (performance.now() > deadline) {
      const sentence = typeof what === 'string' ? what : await what()
      throw new ConditionNotMet(`${sentence} (waited ${timeoutMs} ms)`)
    }
    await sleep(everyMs)
  }
}
