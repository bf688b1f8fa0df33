import { LineCounter, parseAllDocuments, type Document } from 'yaml'
import type { Finding } from './finding.ts'

export type Path = readonly (string | number)[]

/** One document of a YAML file that remembers where it stands. */
export class YamlDocument {
  readonly file: string
  readonly content: unknown
  readonly #document: Document
  readonly #lines: LineCounter

  constructor(file: string, document: Document, lines: LineCounter) {
    this.file = file
    this.content = document.toJS()
    this.#document = document
    this.#lines = lines
  }

  /** The value at a path, undefined where there is none. */
  get(path: Path): unknown {
    return at(this.content, path)
  }

  text(path: Path): string | undefined {
    const value = this.get(path)
    return typeof value === 'string' ? value : undefined
  }

  list(path: Path): unknown[] {
    const value = this.get(path)
    return Array.isArray(value) ? value : []
  }

  /** A remark on the place of a path, or on the nearest thing above it that exists. */
  finding(path: Path, message: string): Finding {
    for (let length = path.length; length >= 0; length--) {
      const node = this.#document.getIn(path.slice(0, length), true) as
        { range?: [number, number, number] | null } | undefined
      if (node?.range) {
        return { file: this.file, line: this.#lines.linePos(node.range[0]).line, message }
      }
    }
    return { file: this.file, line: 1, message }
  }
}

/** The documents of a file. A file that is no YAML gives its syntax errors instead. */
export function readYaml(
  file: string,
  text: string,
): { documents: YamlDocument[]; findings: Finding[] } {
  const lines = new LineCounter()
  const parsed = parseAllDocuments(text, { lineCounter: lines })
  const documents = Array.isArray(parsed) ? parsed : []
  const findings = documents.flatMap(({ errors }) =>
    errors.map(({ message, pos }) => ({ file, line: lines.linePos(pos[0]).line, message })),
  )
  if (findings.length > 0) return { documents: [], findings }
  return {
    documents: documents
      .filter(({ contents }) => contents !== null)
      .map((document) => new YamlDocument(file, document, lines)),
    findings,
  }
}

export function at(value: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (inner, key) =>
      typeof inner === 'object' && inner !== null
        ? (inner as Record<string | number, unknown>)[key]
        : undefined,
    value,
  )
}

/** Every path below a value whose own value meets the condition. */
export function pathsWhere(
  value: unknown,
  meets: (value: Record<string, unknown>) => boolean,
  path: Path = [],
): Path[] {
  if (typeof value !== 'object' || value === null) return []
  const here = meets(value as Record<string, unknown>) ? [path] : []
  return Object.entries(value).reduce<Path[]>(
    (found, [key, inner]) =>
      found.concat(pathsWhere(inner, meets, [...path, Array.isArray(value) ? Number(key) : key])),
    here,
  )
}
