import type { Exchange, Message } from '../index.ts'
import { verdict, type Verdict } from './verdict.ts'
import {
  describeExpectation,
  describeMessage,
  differences,
  type MessageExpectation,
} from './message.ts'

/** Whether the upstream got such a request. */
export function reached(exchange: Exchange, expected: MessageExpectation): Verdict {
  const { upstreamRequest } = exchange
  const wrong = upstreamRequest
    ? differences(upstreamRequest, expected)
    : ['The request did not reach it.']
  const expectation = `the request to reach the upstream${describeExpectation(expected)}`
  return judged(exchange, wrong, expectation)
}

/** Whether the client got such an answer. */
export function answered(
  exchange: Exchange,
  status: number,
  expected: MessageExpectation,
  byFilter: boolean,
): Verdict {
  const { response, localReply } = exchange
  const wrong = response ? answerDifferences(response, status, expected) : ['It got none.']
  if (byFilter && response && !localReply) wrong.unshift('No filter answered: the upstream did.')
  if (byFilter && localReply?.byEnvoy) {
    wrong.unshift(`No filter answered: Envoy did in its place (${localReply.details}).`)
  }
  const who = byFilter ? 'a filter to answer' : 'the client to get'
  return judged(exchange, wrong, `${who} ${status}${describeExpectation(expected)}`)
}

/** Whether a filter holds that side. */
export function held(exchange: Exchange, side: 'request' | 'response'): Verdict {
  const wrong = exchange.heldAt === side ? [] : ['It is not held.']
  return judged(exchange, wrong, `a filter to hold the ${side}`)
}

function answerDifferences(
  response: Message,
  status: number,
  expected: MessageExpectation,
): string[] {
  const got = response.headers.text(':status')
  const lines = differences(response, expected)
  return got === String(status) ? lines : [`status: expected ${status}, got ${got}`, ...lines]
}

function judged(exchange: Exchange, wrong: readonly string[], expectation: string): Verdict {
  const seen = () => [...wrong, describeExchange(exchange)].join('\n')
  return verdict(wrong.length === 0, expectation, seen)
}

/** Where an exchange is. */
function describeExchange(exchange: Exchange): string {
  const { upstreamRequest, response, heldAt, localReply, end } = exchange
  return [
    `upstream: ${describeMessage(upstreamRequest)}`,
    `client: ${describeMessage(response)}${localReply ? ` (by ${localReply.byEnvoy ? 'Envoy' : 'a filter'}: ${localReply.details})` : ''}`,
    heldAt ? `A filter holds the ${heldAt}.` : `over: ${end ?? 'no'}`,
  ].join('\n')
}
