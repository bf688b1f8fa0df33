import { readFile } from 'node:fs/promises'
import { parse } from 'yaml'
import { snippetsOf, type Snippet } from './markdown.ts'

const ROOT = new URL('../../', import.meta.url)

/** `<!-- run by: specs/x.test.ts (name) -->`, `<!-- not run here: why -->`, `<!-- run by hand … -->` */
const RUN_BY = /^run by: (?<spec>\S+?)(?: \((?<name>[\w-]+)\))?$/

/** What a page says of who runs a block. */
export function runBy({ remark = '' }: Snippet): { spec: string; name?: string } | undefined {
  const groups = RUN_BY.exec(remark)?.groups
  if (groups?.['spec'] === undefined) return undefined
  const { spec, name } = groups
  return { spec, ...(name !== undefined && { name }) }
}

/** A text in which `…` stands for what varies. */
export function patternOf(text: string): RegExp {
  const parts = text.split('…').map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'))
  return new RegExp(parts.join('.*'))
}

/** A page of the documentation, whose blocks specs run as they stand. */
export class Page {
  readonly text: string
  readonly snippets: Snippet[]
  readonly #file: string

  private constructor(file: string, text: string) {
    this.#file = file
    this.text = text
    this.snippets = snippetsOf(text)
  }

  /** @param file from the repository's root, as `docs/events.md` */
  static async read(file: string): Promise<Page> {
    return new Page(file, await readFile(new URL(file, ROOT), 'utf8'))
  }

  /** The text of the block that a page marks with `(name)`. */
  block(name: string): string {
    const found = this.snippets.find((snippet) => runBy(snippet)?.name === name)
    if (!found) throw new Error(`${this.#file} has no block marked "(${name})"`)
    return found.text
  }

  yaml<T = Record<string, unknown>>(name: string): T {
    return parse(this.block(name)) as T
  }

  /** A log block as patterns: `…` stands for what varies. */
  linePatterns(name: string): RegExp[] {
    return this.block(name).split('\n').map(patternOf)
  }

  /** The first cells of a table's rows, below the row of its head; code as its text. */
  firstCells(head: string): string[] {
    const rows = this.text.slice(this.text.indexOf(head)).split('\n\n', 1)[0]?.split('\n') ?? []
    return rows.slice(2).map((row) => row.split('|')[1]?.trim() ?? '')
  }
}
