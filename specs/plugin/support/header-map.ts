import { uint32 } from './little-endian.ts'

export type Pairs = [name: string, value: string][]

/** As the host gives a map of headers; each character is a byte. */
export function headerMap(pairs: Pairs): Buffer {
  return Buffer.concat([
    uint32(pairs.length),
    ...pairs.flatMap(([name, value]) => [uint32(name.length), uint32(value.length)]),
    ...pairs.map(([name, value]) => Buffer.from(`${name}\0${value}\0`, 'latin1')),
  ])
}
