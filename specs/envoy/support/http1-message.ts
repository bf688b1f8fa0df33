import { HeaderMap, type BodyScript, type HeaderInput } from '#sandbox/emulator/index.ts'
import { chunksOf } from './differential-case.ts'

/** A message as bytes on the wire: nothing is checked or added, so that any byte can be sent. */
export function http1Message(
  firstLine: string,
  headers: HeaderInput,
  {
    body,
    trailers,
    unfinished,
  }: { body?: BodyScript; trailers?: HeaderInput; unfinished?: boolean },
): Buffer[] {
  const map = HeaderMap.from(headers)
  const isChunked = map.text('transfer-encoding') === 'chunked'
  const chunks = chunksOf(body).filter((chunk) => chunk.length > 0)
  return [
    Buffer.concat([Buffer.from(`${firstLine}\r\n`), lines(map), Buffer.from('\r\n')]),
    ...(isChunked ? chunks.map(framed) : chunks),
    ...(isChunked && !unfinished ? [Buffer.from('0\r\n'), lines(trailers ?? []), end] : []),
  ]
}

const end = Buffer.from('\r\n')

const framed = (chunk: Buffer): Buffer =>
  Buffer.concat([Buffer.from(`${chunk.length.toString(16)}\r\n`), chunk, end])

function lines(headers: HeaderInput): Buffer {
  return Buffer.concat(
    [...HeaderMap.from(headers)].map(([name, value]) =>
      Buffer.concat([Buffer.from(`${name}: `), value, end]),
    ),
  )
}
