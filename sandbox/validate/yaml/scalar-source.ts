import type { Scalar } from 'yaml'

/** Where in a file a character of a scalar's value stands; undefined where escapes or folding hide that. */
export function offsetInSource(source: string, scalar: Scalar, index: number): number | undefined {
  const { range, value, type } = scalar
  if (!range || typeof value !== 'string') return undefined
  const [start, end] = range
  if (type === 'BLOCK_LITERAL') return offsetInBlock(source, start, value, index)
  const quotes = type === 'PLAIN' ? 0 : 1
  const isVerbatim = source.slice(start + quotes, end - quotes) === value
  return isVerbatim ? start + quotes + index : undefined
}

/** @note the node of a block begins at its `|`, its text on the next line. */
function offsetInBlock(source: string, start: number, value: string, index: number): number {
  const before = value.slice(0, index).split('\n')
  let lineStart = source.indexOf('\n', start) + 1
  const indentation = indentationOf(source.slice(lineStart), value)
  for (let line = 1; line < before.length; line++) lineStart = source.indexOf('\n', lineStart) + 1
  return lineStart + indentation + (before.at(-1)?.length ?? 0)
}

/** The blanks that are taken off each line of a block. */
function indentationOf(block: string, value: string): number {
  const lines = block.split('\n')
  const first = value.split('\n').findIndex((line) => line.trim() !== '')
  return Math.max(
    (lines[first]?.trimEnd().length ?? 0) - (value.split('\n')[first] ?? '').trimEnd().length,
    0,
  )
}
