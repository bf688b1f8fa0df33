import { Status } from '../abi/constants'
import { compress } from '../abi/foreign'
import { Span } from '../abi/span'
import { allocate } from '../abi/store'
import { Batch, bodyOf } from './batch'

const packed = new Span()

/**
 * Compresses a batch, once: the result is kept for the next tries. A batch that does not compress (the host lacks the
 * function, there is no memory to keep it, it would not become smaller) goes plain.
 */
export function pack(batch: Batch): void {
  if (batch.packed != 0 || batch.plain) return
  batch.plain = true
  const status = compress(bodyOf(batch), batch.length, packed)
  if (status != Status.Ok || packed.length == 0 || packed.length >= batch.length) return
  const copy = allocate(packed.length)
  if (copy == 0) return
  memory.copy(copy, packed.start, packed.length)
  batch.packed = copy
  batch.packedLength = packed.length
  batch.plain = false
}
