import type { AwaitAnswer } from '../contract/events.ts'
import type { EventSummary } from '../model/event.ts'
import type { AwaitOptions } from './await-options.ts'

/** The expected events did not come in time; the message shows the nearest ones that did, `answer` the whole result. */
export class UnmetExpectation extends Error {
  readonly answer: AwaitAnswer

  constructor(applicationId: string, options: AwaitOptions, answer: AwaitAnswer) {
    super(explain(applicationId, options, answer))
    this.name = 'UnmetExpectation'
    this.answer = answer
  }
}

/** An event, as messages name it. */
export function eventLine({ id, verb, uri, status }: EventSummary): string {
  return `  #${id} ${verb} ${uri} -> ${status ?? 'no response'}`
}

/** The message of an unmet expectation. */
export function explain(
  applicationId: string,
  { where, exactly }: Pick<AwaitOptions, 'where' | 'exactly'>,
  answer: AwaitAnswer,
): string {
  const wanted = `${exactly ? 'exactly ' : ''}${answer.expected} event${answer.expected === 1 ? '' : 's'}`
  const condition = where ? ` matching ${where}` : ''
  // The mock stops at the first event too many.
  const isTooMany = answer.count > answer.expected
  const got = isTooMany ? `${answer.count} or more` : String(answer.count)
  const lines = [
    `Expected ${wanted}${condition} of application ${applicationId}, got ${got} after ${answer.waitedMs} ms.`,
  ]
  if (isTooMany) lines.push(...answer.events.map(eventLine))
  if (answer.nearest.length > 0) lines.push('Nearest:')
  for (const { event, failed } of answer.nearest) {
    lines.push(eventLine(event))
    for (const { condition: wish, actual } of failed) lines.push(`    not ${wish}: ${actual}`)
  }
  if (answer.count === 0 && answer.nearest.length === 0)
    lines.push(
      'No event of this application is held at all. Is the sender using this application id and URL?',
    )
  return lines.join('\n')
}
