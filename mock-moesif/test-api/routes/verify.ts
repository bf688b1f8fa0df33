import type { verifyOperations, VerifyAnswer, VerifySpec } from '../../contract/verify.ts'
import type { EventSummary } from '../../model/event.ts'
import { evaluation } from '../../query/index.ts'
import type { Handlers } from '../call.ts'
import { nearMisses } from '../near-misses.ts'
import type { Parts } from '../parts.ts'
import { selection } from '../selection.ts'
import { withinTime } from '../within-time.ts'

export function verifyRoutes({ search }: Parts): Handlers<keyof typeof verifyOperations> {
  return {
    'POST /_mock/verify': async ({ body, signal }) => {
      const answer = await withinTime(signal, (limit) =>
        body.order ? verifyOrder(body, body.order, limit) : verifyCount(body, limit),
      )
      return { status: answer.met ? 200 : 422, json: answer }
    },
  }

  async function verifyCount(spec: VerifySpec, signal: AbortSignal): Promise<VerifyAnswer> {
    const wanted = selection(spec.applicationId, spec.filter)
    const count = await search.count(wanted, signal)
    const bounds = [
      spec.count === undefined || count === spec.count ? '' : `exactly ${spec.count}`,
      spec.atLeast === undefined || count >= spec.atLeast ? '' : `at least ${spec.atLeast}`,
      spec.atMost === undefined || count <= spec.atMost ? '' : `at most ${spec.atMost}`,
    ].filter((bound) => bound !== '')
    const met = bounds.length === 0
    const message = met ? '' : `expected ${bounds.join(' and ')} events, found ${count}`
    return { met, message, count, nearest: met ? [] : await nearMisses(search, wanted, signal) }
  }

  /** Each filter must be met by an event that came after the one that met the filter before it. */
  async function verifyOrder(
    spec: VerifySpec,
    order: string[],
    signal: AbortSignal,
  ): Promise<VerifyAnswer> {
    const steps = order.map((filter) => selection(spec.applicationId, filter))
    const everything = selection(spec.applicationId, spec.filter)
    const met: EventSummary[] = []
    for await (const { record } of search.records(everything, signal)) {
      const step = steps[met.length]
      if (!step) break
      if (await search.turns.through(evaluation(step.query!, record), signal)) met.push(record)
    }
    const missing = steps[met.length]
    if (!missing) return { met: true, message: '', count: met.length, nearest: [] }
    const after = met.at(-1) ? ` after event ${met.at(-1)!.id}` : ''
    const message = `step ${met.length + 1} of ${steps.length}: no event${after} meets ${missing.text}`
    return {
      met: false,
      message,
      count: met.length,
      nearest: await nearMisses(search, missing, signal),
    }
  }
}
