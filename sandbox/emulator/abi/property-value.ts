/**
 * A number or bigint is a 64-bit integer, `{ double }` a double, a boolean one byte, a string UTF-8.
 * Times and durations are nanoseconds, as bigint: they don't fit a number.
 */
export type PropertyValue = string | number | bigint | boolean | Uint8Array | { double: number }

/** As Envoy serializes what a CEL expression gives. */
export function encodeProperty(value: PropertyValue): Uint8Array {
  if (value instanceof Uint8Array) return value
  if (typeof value === 'string') return Buffer.from(value)
  if (typeof value === 'boolean') return new Uint8Array([value ? 1 : 0])
  const bytes = Buffer.alloc(8)
  if (typeof value === 'object') bytes.writeDoubleLE(value.double)
  else bytes.writeBigInt64LE(BigInt.asIntN(64, BigInt(value)))
  return bytes
}
