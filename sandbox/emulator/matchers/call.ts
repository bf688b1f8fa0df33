import type { HttpCall } from '../index.ts'
import { fits, shown, type TextExpectation } from './message.ts'
import { kindOf, requireMembers, requireText } from './received.ts'
import { verdict, type Verdict } from './verdict.ts'

export interface CallExpectation {
  path?: TextExpectation
  body?: TextExpectation
}

/** Whether one of the calls went to that cluster, with that path and body. */
export function called(
  calls: readonly HttpCall[],
  cluster: string,
  expected: CallExpectation,
): Verdict {
  if (typeof cluster !== 'string') {
    throw new TypeError(`toHaveCalled takes the name of a cluster, not ${kindOf(cluster)}.`)
  }
  requireMembers('toHaveCalled', expected, ['path', 'body'])
  const { path, body } = expected
  for (const text of [path, body]) if (text !== undefined) requireText('toHaveCalled', text)
  const found = calls.some(
    (call) =>
      call.cluster === cluster &&
      (path === undefined || fits(call.headers[':path'] ?? '', path)) &&
      (body === undefined || fits(bodyOf(call), body)),
  )
  const lines = calls.map((call) => {
    const { headers, state } = call
    const content = body === undefined ? `${call.body.length} bytes` : `body ${shown(bodyOf(call))}`
    return `${call.cluster} ${headers[':method']} ${headers[':path']}, ${content}, ${state}`
  })
  const wanted = Object.entries({ path, body }).flatMap(([name, text]) =>
    text === undefined ? [] : [`${name} ${shown(text)}`],
  )
  const expectation = [`a call to ${cluster}`, ...wanted].join(' with ')
  return verdict(found, expectation, () => `Called:\n${lines.join('\n') || 'nobody'}`)
}

const bodyOf = ({ body }: HttpCall): string => Buffer.from(body).toString()
