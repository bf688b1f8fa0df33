import { uint32 } from './little-endian.ts'

export type Pairs = [name: string, value: string][]

/**
 * As the host gives a map of headers; each character is a byte. Where Envoy writes a NUL stands the last byte of the text again:
 * whoever reads on finds what it may take for its own.
 */
export function headerMap(pairs: Pairs): Buffer {
  return Buffer.concat([
    uint32(pairs.length),
    ...pairs.flatMap(([name, value]) => [uint32(name.length), uint32(value.length)]),
    ...pairs.flat().map((text) => Buffer.from(text + (text.at(-1) ?? '\0'), 'latin1')),
  ])
}
