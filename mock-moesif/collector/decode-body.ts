import { promisify } from 'node:util'
import {
  brotliDecompress,
  constants,
  gunzip,
  inflate,
  inflateRaw,
  type ZlibOptions,
} from 'node:zlib'
import type { EncodedBody } from '../store/arrival-search.ts'
import { HttpError } from './http-error.ts'

/** A batch may have 50 MB, actions 15 MB, both counted after decompression. */
export const MAX_BATCH_BYTES = 50 * 1024 * 1024
export const MAX_ACTIONS_BYTES = 15 * 1024 * 1024

const decoders = {
  gzip: promisify(gunzip),
  deflate: promisify(inflate),
  'deflate-raw': promisify(inflateRaw),
  br: promisify(brotliDecompress),
} as const

export type Encoding = 'identity' | 'gzip' | 'deflate' | 'br'

/** Names the encoding of a `Content-Encoding` header, or refuses it. */
export function encodingOf(header: string | undefined): Encoding {
  const name = (header ?? '').trim().toLowerCase()
  if (name === '' || name === 'identity') return 'identity'
  if (name === 'gzip' || name === 'x-gzip') return 'gzip'
  if (name === 'deflate' || name === 'br') return name
  throw new HttpError(415, `Content-Encoding "${name}" is not one of identity, gzip, deflate, br`)
}

/**
 * Inflates at most `limit` bytes: zlib stops at the limit, so a bomb costs the limit at most.
 * @note `deflate` means zlib by RFC 9110, but LibDeflate's `CompressDeflate` (Moesif's Envoy Lua plugin) sends it raw.
 */
export async function decodeBody(
  wire: Uint8Array,
  encoding: Encoding,
  limit: number,
  options: ZlibOptions = {},
): Promise<Uint8Array> {
  if (encoding === 'identity') {
    if (wire.byteLength > limit) throw tooLarge(limit)
    return wire
  }
  try {
    return await decoderOf(wire, encoding)(wire, { ...options, maxOutputLength: limit })
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code
    if (code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(limit)
    throw new HttpError(400, `The body is not valid ${encoding}: ${(error as Error).message}`)
  }
}

function decoderOf(wire: Uint8Array, encoding: Exclude<Encoding, 'identity'>) {
  return decoders[encoding === 'deflate' && !hasZlibHeader(wire) ? 'deflate-raw' : encoding]
}

export interface Decoded {
  bytes: Uint8Array
  /** Why they are not all of the body, or not decoded at all. */
  problem: string | null
}

/** Decodes what is kept of a body as far as that is possible; what is in no known encoding is returned as it is. */
export async function decodeKept({ bytes, encoding, isWhole }: EncodedBody): Promise<Decoded> {
  let known: Encoding
  try {
    known = encodingOf(encoding)
  } catch (error) {
    return { bytes, problem: (error as HttpError).message }
  }
  try {
    const options = isWhole ? {} : { finishFlush: flushOf(known) }
    return { bytes: await decodeBody(bytes, known, MAX_BATCH_BYTES, options), problem: null }
  } catch (error) {
    if (!(error instanceof HttpError)) throw error
    const start = error.status === 400 ? await inflateUntilBreak(bytes, known) : new Uint8Array()
    return { bytes: start, problem: error.message }
  }
}

function flushOf(encoding: Encoding): number {
  return encoding === 'br' ? constants.BROTLI_OPERATION_FLUSH : constants.Z_SYNC_FLUSH
}

/** Bytes that are looked at for the break, and most bytes that come of them. */
const MOST_BROKEN_BYTES = 1024 * 1024
const MOST_OF_BROKEN = 8 * MOST_BROKEN_BYTES

/**
 * What a broken body gives before the break.
 * @note zlib reports no place, and its wrapper discards what came with the error: the longest start that inflates is looked for.
 */
export async function inflateUntilBreak(wire: Uint8Array, encoding: Encoding): Promise<Uint8Array> {
  if (encoding === 'identity') return wire
  const decode = decoderOf(wire, encoding)
  const options = { finishFlush: flushOf(encoding), maxOutputLength: MOST_OF_BROKEN }
  let found: Uint8Array = new Uint8Array()
  let good = 0
  for (let bad = Math.min(wire.byteLength, MOST_BROKEN_BYTES) + 1; bad - good > 1;) {
    const middle = (good + bad) >> 1
    try {
      found = await decode(wire.subarray(0, middle), options)
      good = middle
    } catch {
      bad = middle
    }
  }
  return found
}

/** RFC 1950: method 8 in the low nibble, and both bytes together a multiple of 31. */
function hasZlibHeader(wire: Uint8Array): boolean {
  const [first = 0, second = 0] = wire
  return (first & 0x0f) === 8 && ((first << 8) | second) % 31 === 0
}

/** No accepted encoding inflates more than a thousandfold, except br, which has no bound. */
const MOST_INFLATION = 1032

/** Bytes that inflating may cost: zlib gathers pieces and then joins them. */
export function inflatedAtMost(wire: Uint8Array, encoding: Encoding, limit: number): number {
  if (encoding === 'identity') return 0
  const inflated = encoding === 'br' ? limit : Math.min(limit, wire.byteLength * MOST_INFLATION)
  return Math.min(inflated, limit) * (inflated > 1024 * 1024 ? 1.5 : 1)
}

export function tooLarge(limit: number): HttpError {
  return new HttpError(
    413,
    `The body is over ${limit} bytes (decompressed). Send it in smaller batches.`,
  )
}
