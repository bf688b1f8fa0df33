import * as assemblyscript from 'assemblyscript'
import { nodeFlag } from '../node-kind.ts'
import { childrenOf, parseSource } from '../parse-source.ts'

type Node = assemblyscript.Node

/** Statements after which the next one runs whenever they have run: they share its place. */
const PLAIN = [
  assemblyscript.ExpressionStatement,
  assemblyscript.VariableStatement,
  assemblyscript.EmptyStatement,
]

/** A piece of a source, and the place that is marked when it runs. */
interface Span {
  start: number
  end: number
  /** Null: nothing says when it runs. */
  place: number | null
}

/** Of an `if` whose condition does nothing but decide: the places that are marked when it was true or false. */
interface Branches {
  start: number
  end: number
  whenTrue: number
  whenFalse: number
  /** Between which operands the operators are that make all of it true where they make their part true, e.g. `<` in `a < b && c`. */
  gaps: { start: number; end: number }[]
}

/** A declaration outside of functions whose initializer calls nothing: it has an effect where its name is. */
interface Declaration {
  start: number
  end: number
  name: string
}

/** Where a name is mentioned. */
interface Mention {
  name: string
  at: number
}

/** A source with marks in it. */
export interface MarkedSource {
  file: string
  /** Without marks. */
  source: string
  /** What is compiled for it. */
  text: string
  spans: Span[]
  branches: Branches[]
  declarations: Declaration[]
  mentions: Mention[]
}

/**
 * Puts a mark before the first of each sequence of statements that run together, and into each branch of each `if`.
 *
 * @param first number of the first place of this file
 * @param mark the statement that marks a place
 * @param getters that do more than read
 */
export function markPlaces(
  source: string,
  file: string,
  first: number,
  mark: (place: number) => string,
  getters: ReadonlySet<string> = new Set(),
): { marked: MarkedSource; count: number } {
  const marker = new Marker(source, first, mark, getters)
  const parsed = parseSource(source, file)
  for (const statement of parsed.statements) marker.topLevel(statement)
  const { spans, branches, declarations, mentions } = marker
  const marked = { file, source, text: marker.text(), spans, branches, declarations, mentions }
  return { marked, count: marker.next - first }
}

class Marker {
  next: number
  readonly spans: Span[] = []
  readonly branches: Branches[] = []
  readonly declarations: Declaration[] = []
  readonly mentions: Mention[] = []
  readonly #source: string
  readonly #mark: (place: number) => string
  readonly #getters: ReadonlySet<string>
  /** In the order in which they were made: what is put in the same offset stays in it. */
  readonly #insertions: { at: number; text: string }[] = []

  constructor(
    source: string,
    first: number,
    mark: (place: number) => string,
    getters: ReadonlySet<string>,
  ) {
    this.#getters = getters
    this.#source = source
    this.next = first
    this.#mark = mark
  }

  text(): string {
    const ordered = this.#insertions.toSorted((a, b) => a.at - b.at)
    let text = ''
    let from = 0
    for (const { at, text: inserted } of ordered) {
      text += this.#source.slice(from, at) + inserted
      from = at
    }
    return text + this.#source.slice(from)
  }

  /** What is outside of functions: nothing says when it has an effect, but where its name is. */
  topLevel(node: Node): void {
    this.#span(node, null)
    if (node instanceof assemblyscript.ImportStatement) return
    if (node instanceof assemblyscript.ExportStatement) return
    this.#visit(node)
  }

  #visit(node: Node): void {
    if (node instanceof assemblyscript.IdentifierExpression)
      this.mentions.push({ name: node.text, at: node.range.start })
    else if (node instanceof assemblyscript.FunctionDeclaration) this.#function(node)
    else if (node instanceof assemblyscript.BlockStatement) this.#sequence(node.statements)
    else if (node instanceof assemblyscript.IfStatement) this.#if(node)
    else if (node instanceof assemblyscript.SwitchStatement) this.#switch(node)
    else if (
      node instanceof assemblyscript.ForStatement ||
      node instanceof assemblyscript.ForOfStatement ||
      node instanceof assemblyscript.WhileStatement ||
      node instanceof assemblyscript.DoStatement
    ) {
      for (const child of childrenOf(node)) if (child !== node.body) this.#visit(child)
      this.#body(node.body)
    } else {
      if (isDeclaration(node)) this.#declaration(node)
      for (const child of childrenOf(node)) this.#visit(child)
    }
  }

  #declaration(node: assemblyscript.DeclarationStatement): void {
    const { start, end } = node.range
    const isEnum = node instanceof assemblyscript.EnumDeclaration
    if (isEnum || !this.#acts(node)) this.declarations.push({ start, end, name: node.name.text })
  }

  #function(node: assemblyscript.FunctionDeclaration): void {
    const { body } = node
    if (!(body instanceof assemblyscript.BlockStatement)) {
      // An arrow function without a block: nothing can be put into it.
      this.#span(node, null)
      for (const child of childrenOf(node)) this.#visit(child)
      return
    }
    // What stands for an argument that is left out is computed when the function runs.
    this.#span(node, body.statements.length > 0 ? this.next : null)
    this.#span(node.name, null)
    this.#sequence(body.statements)
  }

  #if(node: assemblyscript.IfStatement): void {
    const { condition, ifTrue, ifFalse } = node
    this.#visit(condition)
    const whenTrue = this.next
    this.#body(ifTrue)
    const whenFalse = this.next
    if (ifFalse) this.#body(ifFalse)
    else this.#insert(this.#endOf(ifTrue), ` else {${this.#mark(this.next++)}}`)
    if (this.#acts(condition)) return
    const { start, end } = condition.range
    this.branches.push({ start, end, whenTrue, whenFalse, gaps: [...gapsOf(condition)] })
  }

  #switch(node: assemblyscript.SwitchStatement): void {
    this.#visit(node.condition)
    for (const { label, statements } of node.cases) {
      if (label) this.#visit(label)
      this.#sequence(statements)
    }
  }

  /** Of a loop or a branch: with braces, if it has none. It has a place, even if it is empty. */
  #body(body: Node): void {
    if (body instanceof assemblyscript.BlockStatement) {
      if (body.statements.length > 0) return this.#sequence(body.statements)
      this.#insert(body.range.start + 1, this.#mark(this.next++))
      return
    }
    this.#insert(body.range.start, '{')
    this.#sequence([body])
    this.#insert(this.#endOf(body), '}')
  }

  #sequence(statements: readonly Node[]): void {
    let place: number | null = null
    for (const statement of statements) {
      if (place === null) {
        place = this.next++
        this.#insert(statement.range.start, this.#mark(place))
      }
      this.#span(statement, place)
      this.#visit(statement)
      if (!PLAIN.some((kind) => statement instanceof kind)) place = null
    }
  }

  #span({ range: { start, end } }: Node, place: number | null): void {
    this.spans.push({ start, end, place })
  }

  #insert(at: number, text: string): void {
    this.#insertions.push({ at, text })
  }

  #acts(node: Node): boolean {
    const isGetter =
      node instanceof assemblyscript.PropertyAccessExpression &&
      this.#getters.has(node.property.text)
    return isGetter || acts(node) || [...childrenOf(node)].some((child) => this.#acts(child))
  }

  /** Behind its semicolon. */
  #endOf({ range: { end } }: Node): number {
    return this.#source[end] === ';' ? end + 1 : end
  }
}

const isDeclaration = (node: Node): node is assemblyscript.DeclarationStatement =>
  node instanceof assemblyscript.VariableDeclaration ||
  node instanceof assemblyscript.FieldDeclaration ||
  node instanceof assemblyscript.EnumDeclaration

/** The operators of a condition that are not within a negation or an operand of another kind. */
function* gapsOf(node: Node): Generator<{ start: number; end: number }> {
  if (node instanceof assemblyscript.ParenthesizedExpression) yield* gapsOf(node.expression)
  if (!(node instanceof assemblyscript.BinaryExpression)) return
  yield { start: node.left.range.end, end: node.right.range.start }
  if (!/^(?:&&|\|\|)$/.test(assemblyscript.operatorTokenToString(node.operator))) return
  yield* gapsOf(node.left)
  yield* gapsOf(node.right)
}

/** The names of getters that do more than read fields. */
export function* actingGetters(node: Node): Generator<string> {
  if (node instanceof assemblyscript.MethodDeclaration) {
    if (node.is(nodeFlag.Get) && node.body && acts(node.body)) yield node.name.text
    return
  }
  for (const child of childrenOf(node)) yield* actingGetters(child)
}

/** Whether it may do more than compute a value. */
function acts(node: Node): boolean {
  return (
    node instanceof assemblyscript.CallExpression ||
    node instanceof assemblyscript.NewExpression ||
    node instanceof assemblyscript.UnaryPostfixExpression ||
    isChange(node) ||
    [...childrenOf(node)].some(acts)
  )
}

function isChange(node: Node): boolean {
  if (node instanceof assemblyscript.UnaryPrefixExpression)
    return /\+\+|--/.test(assemblyscript.operatorTokenToString(node.operator))
  if (!(node instanceof assemblyscript.BinaryExpression)) return false
  return /^(?:[^=!<>]|<<|>>>?|\*\*)?=$/.test(assemblyscript.operatorTokenToString(node.operator))
}
