import { isUtf8 } from 'node:buffer'
import { elapsed, setImmediate } from '../model/real-timers.ts'
import { spanOfDocument, splitArray, SplitError, startOf, type Span } from '../model/split-json.ts'
import { HttpError } from './http-error.ts'
import { findBreak } from './json-break.ts'

/** Moesif documents no number. This is what one transaction stores without delaying others for long. */
const MAX_DOCUMENTS = 20_000
const MAX_VALUES = 1_000_000
/** Documents that are judged one by one, and not kept. */
const MAX_VALUES_OF_ALL = 4_000_000
/** How long one body may hold the event loop before others have their turn. */
const TURN_MS = 10
const OPEN_ARRAY = 0x5b
const OPEN_OBJECT = 0x7b

/** Cuts a posted body into its documents, or refuses it with what is wrong and where. */
export function documentSpans(body: Uint8Array, batch: boolean, total = MAX_VALUES_OF_ALL): Span[] {
  const limits = { documents: MAX_DOCUMENTS, values: MAX_VALUES, total }
  if (!isUtf8(body)) throw new HttpError(400, 'The body is not valid UTF-8')
  try {
    const first = body[startOf(body)]
    // Invalid JSON is reported as such, not as a wrong shape.
    if (first !== (batch ? OPEN_ARRAY : OPEN_OBJECT)) {
      spanOfDocument(body, limits)
      throw wrongShape(body, batch)
    }
    return batch ? splitArray(body, limits) : [spanOfDocument(body, limits)]
  } catch (error) {
    if (!(error instanceof SplitError)) throw error
    if (error.tooMuch) throw new HttpError(413, `The body has ${error.message}. Send less at once.`)
    throw notJson(undefined, body, '', batch ? `/${error.index}` : '')
  }
}

/** Reads one document after the other, and yields to the event loop in between. */
export async function eachDocument(
  body: Uint8Array,
  spans: readonly Span[],
  batch: boolean,
  take: (document: unknown, span: Span, index: number) => void,
  parseJson: (text: string) => unknown = JSON.parse,
): Promise<void> {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength)
  let started = elapsed()
  for (const [index, span] of spans.entries()) {
    take(parse(bytes, span, batch ? `/${index}` : '', parseJson), span, index)
    if (index % 16 === 15 && elapsed() - started > TURN_MS) {
      await new Promise((resolve) => setImmediate(resolve))
      started = elapsed()
    }
  }
}

function parse(
  bytes: Buffer,
  { offset, length }: Span,
  pointer: string,
  parseJson: (text: string) => unknown,
): unknown {
  try {
    return parseJson(bytes.toString('utf8', offset, offset + length))
  } catch (error) {
    throw notJson((error as Error).message, bytes.subarray(offset, offset + length), pointer)
  }
}

function wrongShape(body: Uint8Array, batch: boolean): HttpError {
  try {
    JSON.parse(Buffer.from(body.subarray(startOf(body))).toString())
  } catch (error) {
    return notJson((error as Error).message, body)
  }
  return batch
    ? new HttpError(400, 'A batch must be a JSON array', [
        { pointer: '', message: 'must be an array' },
      ])
    : new HttpError(400, 'The body must be a JSON object', [
        { pointer: '', message: 'must be an object' },
      ])
}

/**
 * @param within pointer of `json` in the body, and `otherwise` of the break where none is found in it
 * @param reason why it was refused; undefined: where it breaks is reason enough
 */
function notJson(
  reason: string | undefined,
  json: Uint8Array,
  within = '',
  otherwise = within,
): HttpError {
  const found = findBreak(json)
  // A document in a batch ends where the next one begins: there, the text goes on.
  const isCutOff = found?.isCutOff === true && within === ''
  const message = (isCutOff ? found.message : (reason ?? found?.message)) ?? 'it is no array'
  return new HttpError(400, `Nothing was stored, since the body is not valid JSON: ${message}`, [
    { pointer: found?.pointer ? within + found.pointer : otherwise, message },
  ])
}
