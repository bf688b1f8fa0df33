import { isMap, isScalar, isSeq, parseDocument, type Node } from 'yaml'
import type { Path } from '../path.ts'

export interface JsonLocation {
  path: Path
  /** Whether it is a member's name rather than its value. */
  isKey: boolean
}

/** What stands at a character of a JSON text; the whole document where that is no JSON. */
export function jsonLocation(text: string, index: number): JsonLocation {
  let node: unknown = parseDocument(text, { uniqueKeys: false, prettyErrors: false }).contents
  const path: (string | number)[] = []
  for (;;) {
    const next = step(node, index)
    if (!next) return { path, isKey: false }
    path.push(next.key)
    if (next.isKey) return { path, isKey: true }
    node = next.value
  }
}

function step(
  node: unknown,
  index: number,
): { key: string | number; isKey: boolean; value: unknown } | undefined {
  if (isMap(node)) {
    for (const { key, value } of node.items) {
      const name = isScalar(key) ? String(key.value) : ''
      if (covers(key, index)) return { key: name, isKey: true, value }
      if (covers(value, index)) return { key: name, isKey: false, value }
    }
  }
  if (isSeq(node)) {
    const found = node.items.findIndex((item) => covers(item, index))
    if (found >= 0) return { key: found, isKey: false, value: node.items[found] }
  }
  return undefined
}

function covers(node: unknown, index: number): boolean {
  const { range } = (node ?? {}) as Partial<Node>
  return Boolean(range && range[0] <= index && index < range[1])
}
