import {
  CallExpression,
  IdentifierExpression,
  ImportStatement,
  Node,
  StringLiteralExpression,
  type Parser,
  type Range,
} from 'assemblyscript'
import type { Transform } from 'assemblyscript/transform'

const LITERAL = 'utf8'
const CONSTANT = 'constant'

/**
 * Hands the compiler the bytes of each `utf8('…')`: `constant(memory.data<u8>([…]), length)`.
 *
 * A string of AssemblyScript is UTF-16 behind a header: some 200 of them made a sixth of the module, to be encoded in each VM
 * that started. `utf8` called with anything but one literal does not compile.
 */
export const literalBytes = {
  afterParse({ sources }: Parser): void {
    for (const source of sources) {
      if (source.isLibrary) continue
      visit(source, (node) => {
        if (node instanceof ImportStatement) importConstant(node)
        else if (node instanceof CallExpression) giveBytes(node)
      })
    }
  },
} as Transform

function giveBytes(call: CallExpression): void {
  if (!isCallOf(LITERAL, call)) return
  const [literal] = call.args
  if (call.args.length !== 1 || !(literal instanceof StringLiteralExpression)) {
    const { source, start } = call.range
    throw new Error(
      `${source.normalizedPath}:${source.lineAt(start)}: ${LITERAL} takes one literal, not ${call.range.toString()}`,
    )
  }
  const bytes = Buffer.from(literal.value)
  call.expression = Node.createIdentifierExpression(CONSTANT, call.range)
  // At least one byte: a segment may not be empty.
  call.args = [dataSegment([...bytes, 0], call.range), integer(bytes.length, call.range)]
}

/** `memory.data<u8>([…])` */
const dataSegment = (bytes: number[], range: Range): Node =>
  Node.createCallExpression(
    Node.createPropertyAccessExpression(
      Node.createIdentifierExpression('memory', range),
      Node.createIdentifierExpression('data', range),
      range,
    ),
    [Node.createNamedType(Node.createSimpleTypeName('u8', range), null, false, range)],
    [
      Node.createArrayLiteralExpression(
        bytes.map((byte) => integer(byte, range)),
        range,
      ),
    ],
    range,
  )

const integer = (value: number, range: Range): Node =>
  Node.createIntegerLiteralExpression(i64_new(value), range)

/** The functions that the calls become must be in scope. */
function importConstant({ declarations }: ImportStatement): void {
  for (const declaration of declarations ?? []) {
    if (declaration.foreignName.text !== LITERAL) continue
    declaration.foreignName = Node.createIdentifierExpression(CONSTANT, declaration.range)
    declaration.name = declaration.foreignName
  }
}

const isCallOf = (name: string, { expression }: CallExpression): boolean =>
  expression instanceof IdentifierExpression && expression.text === name

/** @note the compiler has no visitor: what a node consists of is found among its fields. */
function visit(value: unknown, onNode: (node: Node) => void): void {
  if (Array.isArray(value)) for (const item of value) visit(item, onNode)
  else if (value instanceof Node) {
    onNode(value)
    for (const key in value) visit(value[key as keyof Node], onNode)
  }
}
