import { isAlias, LineCounter, parseAllDocuments, visit, type Document } from 'yaml'
import type { Finding, Severity } from '../finding.ts'
import type { Dialect } from './dialect.ts'
import { YamlDocument } from './yaml-document.ts'

const TOO_DEEP = 'it is nested too deeply'

export interface YamlFile {
  file: string
  documents: YamlDocument[]
  findings: Finding[]
}

/** The documents of a file as a dialect reads them; a file that is no YAML gives its syntax errors instead. */
export function readYaml(file: string, text: string, dialect: Dialect): YamlFile {
  const lines = new LineCounter()
  const finding = (severity: Severity, offset: number, message: string): Finding => {
    const { line, col } = lines.linePos(offset)
    const place = { file, line: Math.max(line, 1), column: Math.max(col, 1), path: [] }
    return { severity, place, message }
  }
  try {
    const documents = parse(text, dialect, lines)
    const syntax = documents.flatMap((document) => {
      const [error] = document.errors
      if (!error) return []
      const isDeep = document.errors.some(({ code }) => code === 'RESOURCE_EXHAUSTION')
      const message = isDeep ? TOO_DEEP : firstLine(error.message)
      // Later errors are mostly consequences of the first.
      return [finding('error', error.pos[0], message)]
    })
    const cyclic = syntax.length > 0 ? [] : documents.flatMap(cycles)
    const errors = [
      ...syntax,
      ...cyclic.map((offset) =>
        finding(
          'error',
          offset,
          'this alias refers to what it is part of: no reader can expand it',
        ),
      ),
    ]
    if (errors.length > 0) return { file, documents: [], findings: errors }
    const filled = documents.filter(({ contents }) => contents !== null)
    const read = dialect.readsAllDocuments ? filled : filled.slice(0, 1)
    const unread = filled
      .slice(read.length)
      .map(({ range }) =>
        finding('warning', range[0], 'Envoy reads the first document of a file only, not this one'),
      )
    return {
      file,
      documents: read.map((document) => new YamlDocument(file, text, document, lines)),
      findings: unread,
    }
  } catch (error) {
    const { message } = error as Error
    const reason = error instanceof RangeError ? TOO_DEEP : firstLine(message)
    return { file, documents: [], findings: [finding('error', 0, `cannot be read: ${reason}`)] }
  }
}

function parse(text: string, dialect: Dialect, lines: LineCounter): Document.Parsed[] {
  const options = { ...dialect.options, lineCounter: lines, prettyErrors: false }
  const parsed = parseAllDocuments(text, options)
  return Array.isArray(parsed) ? parsed : []
}

/** Offsets of aliases that stand within what they refer to. */
function cycles(document: Document.Parsed): number[] {
  const offsets: number[] = []
  visit(document, {
    Alias(_key, alias, ancestors) {
      const target = alias.resolve(document)
      if (target && ancestors.some((ancestor) => ancestor === target)) {
        offsets.push(isAlias(alias) ? (alias.range?.[0] ?? 0) : 0)
      }
    },
  })
  return offsets
}

const firstLine = (message: string): string => message.split('\n', 1)[0] ?? ''
