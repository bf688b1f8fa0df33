/** The decoders as a module of their own, for specs. */
import '../../../../plugin/assembly/abi/abort'

export { heldMemory } from './held-memory'
export { decompress } from '../../../../plugin/assembly/inflate/decompress'
export { compressionOf } from '../../../../plugin/assembly/inflate/content-encoding'
export { sha256 } from '../../../../plugin/assembly/codec/sha256'
export { decodeBase64 } from '../../../../plugin/assembly/codec/base64'
export { decodePercent } from '../../../../plugin/assembly/codec/percent'

export function allocate(size: usize): usize {
  return heap.alloc(size)
}

export function release(at: usize): void {
  heap.free(at)
}
