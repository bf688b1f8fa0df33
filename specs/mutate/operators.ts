import * as assemblyscript from 'assemblyscript'
import { nodeKind } from './node-kind.ts'

type Node = assemblyscript.Node

/** What an operator makes of a node: the piece of source to replace, and by what. */
export interface Change {
  operator: string
  start: number
  end: number
  replacement: string
}

/** Another operator in the place of one, each a defect of its own. */
const binary: Readonly<Record<string, readonly [operator: string, replacement: string][]>> = {
  '<': [
    ['boundary', '<='],
    ['comparison', '>='],
  ],
  '<=': [
    ['boundary', '<'],
    ['comparison', '>'],
  ],
  '>': [
    ['boundary', '>='],
    ['comparison', '<='],
  ],
  '>=': [
    ['boundary', '>'],
    ['comparison', '<'],
  ],
  '==': [['comparison', '!=']],
  '!=': [['comparison', '==']],
  '&&': [['logic', '||']],
  '||': [['logic', '&&']],
  '+': [['arithmetic', '-']],
  '-': [['arithmetic', '+']],
  '*': [['arithmetic', '/']],
  '/': [['arithmetic', '*']],
  '%': [['arithmetic', '*']],
  '<<': [['arithmetic', '>>']],
  '>>': [['arithmetic', '<<']],
  '>>>': [['arithmetic', '<<']],
  '&': [['arithmetic', '|']],
  '|': [['arithmetic', '&']],
  '+=': [['assignment', '-=']],
  '-=': [['assignment', '+=']],
  '|=': [['assignment', '&=']],
  '&=': [['assignment', '|=']],
}

/** Members of pairs that are easily taken for each other. */
const pairs: readonly (readonly [string, string])[] = [
  ['request', 'response'],
  ['Request', 'Response'],
  ['bodies', 'headers'],
  ['body', 'headers'],
  ['open', 'queued'],
  ['start', 'end'],
  ['first', 'last'],
  ['head', 'tail'],
  ['name', 'value'],
  ['user', 'company'],
  ['before', 'after'],
  ['count', 'bytes'],
]

const { operatorTokenToString } = assemblyscript

/** All defects that can be seeded at this very node; not those of its children. */
export function changesAt(node: Node, source: string): Change[] {
  const { start, end } = node.range
  const text = source.slice(start, end)
  switch (node.kind) {
    case nodeKind.Binary:
      return binaryChanges(node as assemblyscript.BinaryExpression, source)
    case nodeKind.Literal:
      return literalChanges(text, start, end)
    case nodeKind.True:
      return [{ operator: 'constant', start, end, replacement: 'false' }]
    case nodeKind.False:
      return [{ operator: 'constant', start, end, replacement: 'true' }]
    case nodeKind.UnaryPrefix: {
      const { operand } = node as assemblyscript.UnaryPrefixExpression
      if (!text.startsWith('!')) return []
      const inner = source.slice(operand.range.start, operand.range.end)
      return [{ operator: 'logic', start, end, replacement: inner }]
    }
    case nodeKind.If: {
      const { range } = (node as assemblyscript.IfStatement).condition
      const place = { start: range.start, end: range.end }
      return [
        { operator: 'condition', ...place, replacement: 'true' },
        { operator: 'condition', ...place, replacement: 'false' },
      ]
    }
    case nodeKind.Expression:
      return [{ operator: 'removed statement', start, end, replacement: ';' }]
    case nodeKind.Identifier:
      return swaps(text, start, end, source)
    default:
      return []
  }
}

function binaryChanges(node: assemblyscript.BinaryExpression, source: string): Change[] {
  const token = operatorTokenToString(node.operator)
  const from = node.left.range.end
  const at = source.indexOf(token, from)
  if (at < 0 || at + token.length > node.right.range.start) return []
  return (binary[token] ?? []).map(([operator, replacement]) => ({
    operator,
    start: at,
    end: at + token.length,
    replacement,
  }))
}

function literalChanges(text: string, start: number, end: number): Change[] {
  if (!/^(0x[\da-f_]+|[\d_]+)$/i.test(text)) return []
  const value = BigInt(text.replaceAll('_', ''))
  return [{ operator: 'constant', start, end, replacement: String(value + 1n) }]
}

/** Only to a name that the file uses, too: another one would not compile. */
function swaps(text: string, start: number, end: number, source: string): Change[] {
  return pairs.flatMap((pair) =>
    [pair, pair.toReversed()].flatMap(([from = '', to = '']) => {
      if (!text.includes(from)) return []
      const replacement = text.replace(from, to)
      const isUsed = new RegExp(`\\b${replacement.replaceAll('$', '\\$')}\\b`).test(source)
      return isUsed ? [{ operator: 'swapped pair', start, end, replacement }] : []
    }),
  )
}
