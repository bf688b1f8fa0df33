import { placeAnywhere, placeNext } from '../memory/arena'
import { Status } from '../abi/constants'
import { compress } from '../abi/foreign'
import { Span } from '../memory/span'
import { allocate, release, shrink } from '../memory/store'
import { Batch, bodyOf } from './batch'

const packed = new Span()

/**
 * Compresses a batch, once: the result is kept for the next tries. A batch that does not compress (the host lacks the
 * function, there is no memory for the result, it would become longer) is sent as it is.
 *
 * @note the memory is allocated before the host is called: Envoy's `compress` does not check whether it got
 * some, and writes to address 0 of its own process when it did not.
 */
export function compressBatch(batch: Batch): void {
  if (batch.compressed != 0 || batch.isIncompressible) return
  batch.isIncompressible = true
  const room = allocate(batch.length)
  if (room == 0) return
  placeNext(room, batch.length)
  const status = compress(bodyOf(batch), batch.length, packed)
  placeAnywhere()
  if (status != Status.Ok || packed.start != room) {
    release(room)
    return
  }
  shrink(room, packed.length)
  batch.compressed = room
  batch.compressedLength = packed.length
  batch.isIncompressible = false
}
