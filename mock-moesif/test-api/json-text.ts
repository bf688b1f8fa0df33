import type { Reply } from './reply.ts'

/** JSON that is serialized already. */
export function jsonOf(body: string | AsyncIterable<string>): Pick<Reply, 'headers' | 'body'> {
  return { headers: { 'content-type': 'application/json' }, body }
}

/** The texts of documents as a JSON array. */
export async function* arrayOf(
  texts: Iterable<string> | AsyncIterable<string>,
): AsyncGenerator<string> {
  let separator = '['
  for await (const text of texts) {
    yield separator + text
    separator = ','
  }
  yield separator === '[' ? '[]' : ']'
}
