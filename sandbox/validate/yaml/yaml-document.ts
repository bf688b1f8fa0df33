import { isPair, isScalar, type Document, type LineCounter, type Node, type Scalar } from 'yaml'
import type { Finding, Place, Severity } from '../finding.ts'
import { at, isObject, listAt, spelled, textAt, type Path } from '../path.ts'
import { offsetInSource } from './scalar-source.ts'

/** One document of a file: its content as its reader sees it, and where each part of it stands. */
export class YamlDocument {
  readonly file: string
  readonly content: unknown
  readonly #document: Document
  readonly #lines: LineCounter
  readonly #source: string

  constructor(file: string, source: string, document: Document, lines: LineCounter) {
    this.file = file
    this.content = document.toJS()
    this.#document = document
    this.#lines = lines
    this.#source = source
  }

  /** The value at a path, undefined where there is none. */
  get(path: Path): unknown {
    return at(this.content, path)
  }

  text(path: Path): string | undefined {
    return textAt(this.content, path)
  }

  list(path: Path): unknown[] {
    return listAt(this.content, path)
  }

  /** Whether the top level has one of these keys. */
  has(...keys: string[]): boolean {
    return isObject(this.content) && keys.some((key) => this.get([key]) !== undefined)
  }

  finding(path: Path, message: string, remedy?: string): Finding {
    return this.#finding('error', path, message, remedy)
  }

  warning(path: Path, message: string, remedy?: string): Finding {
    return this.#finding('warning', path, message, remedy)
  }

  #finding(severity: Severity, path: Path, message: string, remedy?: string): Finding {
    const place = this.place(path)
    return { severity, place, message, ...(remedy !== undefined && { remedy }) }
  }

  /** Where a value stands, or the nearest thing above it that exists. */
  place(path: Path): Place {
    const own = spelled(this.content, path)
    for (let length = own.length; length >= 0; length--) {
      const node = this.#node(own.slice(0, length))
      if (node?.range) return this.#at(node.range[0], own)
    }
    return this.#at(0, own)
  }

  /** Where a key stands. */
  placeOfKey(path: Path): Place {
    const own = spelled(this.content, path)
    const parent = this.#node(own.slice(0, -1))
    const pairs = parent && 'items' in parent ? (parent.items as unknown[]) : []
    const pair = pairs.find((item) => isPair(item) && String(item.key) === own.at(-1))
    const key = isPair(pair) ? (pair.key as Scalar) : undefined
    return key?.range ? this.#at(key.range[0], own) : this.place(path)
  }

  /** Where a character of a text value stands, or the value, where its spelling hides that. */
  placeInText(path: Path, index: number): Place {
    const own = spelled(this.content, path)
    const node = this.#node(own)
    if (!isScalar(node) || !node.range) return this.place(path)
    return this.#at(offsetInSource(this.#source, node, index) ?? node.range[0], own)
  }

  #node(path: Path): Node | undefined {
    return this.#document.getIn(path, true) as Node | undefined
  }

  #at(offset: number, path: Path): Place {
    const { line, col } = this.#lines.linePos(offset)
    return { file: this.file, line: Math.max(line, 1), column: Math.max(col, 1), path }
  }
}
