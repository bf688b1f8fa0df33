import { promisify } from 'node:util'
import {
  brotliDecompress,
  constants,
  gunzip,
  inflate,
  inflateRaw,
  type ZlibOptions,
} from 'node:zlib'
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
  const zlibWrapped = encoding === 'deflate' && hasZlibHeader(wire)
  const name = encoding === 'deflate' && !zlibWrapped ? 'deflate-raw' : encoding
  try {
    return await decoders[name](wire, { ...options, maxOutputLength: limit })
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code
    if (code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(limit)
    throw new HttpError(400, `The body is not valid ${encoding}: ${(error as Error).message}`)
  }
}

/** Decodes the start of a body as far as that is possible; what it can't decode is returned as it is. */
export async function decodeStart(
  wire: Uint8Array,
  header: string | undefined,
): Promise<Uint8Array> {
  try {
    const encoding = encodingOf(header)
    const finishFlush =
      encoding === 'br' ? constants.BROTLI_OPERATION_FLUSH : constants.Z_SYNC_FLUSH
    return await decodeBody(wire, encoding, MAX_BATCH_BYTES, { finishFlush })
  } catch (error) {
    if (error instanceof HttpError) return wire
    throw error
  }
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
