import type { RequestAnswer } from '../model/arrival.ts'
import type { Answer } from './answer.ts'
import type { Problem } from './http-error.ts'

/** Kept of the body of an answer. */
const MAX_BODY = 64 * 1024
/** Kept of a pointer and of a message. */
const MAX_TEXT = 500

/** What is kept of the answer to a request that was refused, or that met a fault. */
export function keptAnswer(
  method: string,
  { headers, body }: Answer,
  problems: readonly Problem[] = [],
  isBatch = false,
): RequestAnswer {
  const sent = method === 'HEAD' ? '' : body
  return {
    headers,
    body: sent.slice(0, MAX_BODY),
    isWhole: sent.length <= MAX_BODY,
    problems: problems.map(({ pointer, message }) => {
      const [, index, inner = pointer] = (isBatch && /^\/(\d+)(.*)$/s.exec(pointer)) || []
      const event = index === undefined ? null : Number(index)
      return { event, pointer: inner.slice(0, MAX_TEXT), message: message.slice(0, MAX_TEXT) }
    }),
  }
}
