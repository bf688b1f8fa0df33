import type { FaultSpec } from '#mock-moesif/client/index.ts'
import { bytes, duration } from '../text/format.ts'

/** A fault in words: what is done, to what, how often. */
export function describeFault(fault: FaultSpec): { effect: string; scope: string } {
  const effects: string[] = []
  if (fault.delayMs !== undefined) effects.push(`wait ${describeDelay(fault.delayMs)}`)
  if (fault.throttleBytesPerSecond !== undefined)
    effects.push(`read ${bytes(fault.throttleBytesPerSecond)} a second`)
  if (fault.status !== undefined) effects.push(`answer ${fault.status}`)
  if (fault.retryAfter !== undefined) effects.push(`Retry-After ${fault.retryAfter}`)
  if (fault.connection !== undefined) effects.push(connectionWords[fault.connection])
  const scope = [fault.route ?? 'every path']
  if (fault.applicationId !== undefined) scope.push(`of ${fault.applicationId}`)
  if (fault.probability !== undefined)
    scope.push(`${Math.round(fault.probability * 100)} % of requests`)
  if (fault.remaining !== undefined) scope.push(`${fault.remaining} more`)
  return { effect: effects.join(', ') || 'nothing', scope: scope.join(' · ') }
}

export const connectionWords: Record<NonNullable<FaultSpec['connection']>, string> = {
  'reset-before-read': 'reset before reading',
  'reset-after-read': 'reset after reading',
  'half-response': 'half a response',
  'no-response': 'never answer',
}

function describeDelay(delay: number | [number, number]): string {
  return typeof delay === 'number'
    ? duration(delay)
    : `${duration(delay[0])} to ${duration(delay[1])}`
}
