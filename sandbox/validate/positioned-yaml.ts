import { isScalar, LineCounter, parseAllDocuments, type Document, type Node } from 'yaml'

type Path = readonly (string | number)[]

/** A YAML document that knows on which line each of its values stands. */
export class PositionedYaml {
  readonly #document: Document
  readonly #lines: LineCounter

  constructor(document: Document, lines: LineCounter) {
    this.#document = document
    this.#lines = lines
  }

  get value(): unknown {
    return this.#document.toJS()
  }

  /** Line of the value at this path, or of the nearest one around it. */
  line(path: Path): number {
    for (let length = path.length; length >= 0; length--) {
      const node = this.#node(path.slice(0, length))
      const start = node?.range?.[0]
      if (start !== undefined) return this.#lines.linePos(start).line
    }
    return 1
  }

  /** Line on which the text of a string begins: below the `|` of a block. */
  textLine(path: Path): number {
    const node = this.#node(path)
    const isBlock =
      isScalar(node) && (node.type === 'BLOCK_LITERAL' || node.type === 'BLOCK_FOLDED')
    return this.line(path) + (isBlock ? 1 : 0)
  }

  #node(path: Path): Node | undefined {
    const node: unknown = this.#document.getIn(path, true)
    return typeof node === 'object' && node !== null && 'range' in node ? (node as Node) : undefined
  }
}

export interface ParsedYaml {
  documents: PositionedYaml[]
  /** The first syntax error. */
  syntaxError?: { line: number; message: string }
}

export function parsePositionedYaml(text: string): ParsedYaml {
  const lines = new LineCounter()
  const parsed = parseAllDocuments(text, { lineCounter: lines, prettyErrors: false })
  const documents = Array.isArray(parsed) ? parsed : []
  const error = documents.flatMap(({ errors }) => errors)[0]
  return {
    documents: documents.map((document) => new PositionedYaml(document, lines)),
    ...(error && {
      syntaxError: { line: lines.linePos(error.pos[0]).line, message: error.message },
    }),
  }
}
