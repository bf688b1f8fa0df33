const MEMORY_SECTION = 5
const HEADER_BYTES = 8

/** The same module with a bound on its linear memory, in pages of 64 KiB: a host that gives no more. */
export function limitMemory(wasm: Uint8Array, maximumPages: number): Uint8Array {
  let at = HEADER_BYTES
  while (at < wasm.length) {
    const size = readUnsigned(wasm, at + 1)
    const end = size.end + size.value
    if (wasm[at] === MEMORY_SECTION) {
      // One memory; its flags, now "has a maximum"; its minimum.
      const minimum = readUnsigned(wasm, size.end + 2)
      const body = [1, 1, ...unsigned(minimum.value), ...unsigned(maximumPages)]
      const section = [MEMORY_SECTION, ...unsigned(body.length), ...body]
      return Buffer.concat([wasm.subarray(0, at), Buffer.from(section), wasm.subarray(end)])
    }
    at = end
  }
  throw new Error('The module has no memory of its own.')
}

function readUnsigned(bytes: Uint8Array, start: number): { value: number; end: number } {
  let value = 0
  let end = start
  for (let shift = 0; ; shift += 7) {
    const byte = bytes[end++] ?? 0
    value |= (byte & 0x7f) << shift
    if (byte < 0x80) return { value, end }
  }
}

function unsigned(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...unsigned(value >>> 7)]
}
