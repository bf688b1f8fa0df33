import { placeNext } from '../memory/arena'
import { Status } from '../abi/constants'
import { compress } from '../abi/foreign'
import { Span } from '../memory/span'
import { allocate, release, shrink } from '../memory/store'
import { Batch, bodyOf } from './batch'

const packed = new Span()

/**
 * Compresses a batch, once: the result is kept for the next tries. A batch that does not compress (the host lacks the
 * function, there is no memory for the result, it would not become smaller) is sent as it is.
 *
 * @note the memory is allocated before the host is called: Envoy's `compress` does not check whether it got
 * some, and writes to address 0 of its own process when it did not.
 */
export function compressBatch(batch: Batch): void {
  if (batch.compressed != 0 || batch.isIncompressible) return
  batch.isIncompressible = true
  const most = longestResult(batch.length)
  const room = allocate(most)
  if (room == 0) return
  placeNext(room, most)
  const status = compress(bodyOf(batch), batch.length, packed)
  placeNext(0, 0)
  if (status != Status.Ok || packed.start != room || packed.length >= batch.length) {
    release(room)
    return
  }
  shrink(room, packed.length)
  batch.compressed = room
  batch.compressedLength = packed.length
  batch.isIncompressible = false
}

/** zlib's own bound on the compressed size of `length` bytes. */
function longestResult(length: u32): u32 {
  return length + (length >> 12) + (length >> 14) + (length >> 25) + 13
}
