import { readFile } from 'node:fs/promises'
import path from 'node:path'
import type { Mutant } from './mutant.ts'

/** A defect that is none: the plugin behaves the same with it. */
interface Equivalent {
  file: string
  /** The whole line, trimmed: that is how it is found again after others have moved. */
  line: string
  original: string
  /** Which one of the line, from 1, where only one is meant. */
  occurrence?: number
  replacement: string
  /** Why the two cannot be distinguished. */
  reason: string
}

/** `specs/mutate/equivalents.json`: mutants that are not counted, each with its reason. */
export class Equivalents {
  readonly #entries: readonly Equivalent[]
  readonly #lines: ReadonlyMap<string, readonly string[]>

  private constructor(
    entries: readonly Equivalent[],
    lines: ReadonlyMap<string, readonly string[]>,
  ) {
    this.#entries = entries
    this.#lines = lines
  }

  static async read(project: string, mutants: readonly Mutant[]): Promise<Equivalents> {
    const file = path.join(project, 'specs/mutate/equivalents.json')
    const entries = JSON.parse(await readFile(file, 'utf8')) as Equivalent[]
    const lines = new Map<string, readonly string[]>()
    for (const name of new Set(entries.map((entry) => entry.file))) {
      const source = await readFile(path.join(project, name), 'utf8').catch(() => '')
      lines.set(name, source.split('\n'))
    }
    const equivalents = new Equivalents(entries, lines)
    const unmatched = entries.filter(
      (entry) => !mutants.some((one) => equivalents.#fits(entry, one)),
    )
    if (unmatched.length > 0) {
      const list = unmatched.map((entry) => `  ${entry.file}: ${entry.line}`).join('\n')
      throw new Error(
        `specs/mutate/equivalents.json lists what is no longer there; remove it:\n${list}`,
      )
    }
    return equivalents
  }

  /** Why it is not counted; null when it is. */
  reasonFor(mutant: Mutant): string | null {
    return this.#entries.find((entry) => this.#fits(entry, mutant))?.reason ?? null
  }

  #fits(entry: Equivalent, mutant: Mutant): boolean {
    const line = this.#lines.get(mutant.file)?.[mutant.line - 1]
    const occurrence = line?.slice(0, mutant.column - 1).split(mutant.original).length
    return (
      entry.file === mutant.file &&
      entry.original === mutant.original &&
      entry.replacement === mutant.replacement &&
      entry.line === line?.trim() &&
      (entry.occurrence ?? occurrence) === occurrence
    )
  }
}
