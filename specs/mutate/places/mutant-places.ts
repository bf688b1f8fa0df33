import { glob, readFile } from 'node:fs/promises'
import path from 'node:path'
import type { Mutant } from '../mutant.ts'
import type { MarkedSource } from './mark-places.ts'

/** What makes more of a condition true; the opposite edits make less of it true. */
const WIDENING = /^(?:<|>|&&)$/

/** Entries of specs into a part of the plugin: what they use of it is seen without any place. */
const ROOMS = 'specs/plugin/support/rooms/*.ts'

/** Which places have to run for a defect to be seen. */
export class MutantPlaces {
  readonly #sources: ReadonlyMap<string, MarkedSource>
  /** Names that are known by another one, or outside of the plugin. */
  readonly #escaping: ReadonlySet<string>

  constructor(sources: readonly MarkedSource[], escaping: ReadonlySet<string>) {
    this.#sources = new Map(sources.map((source) => [source.file, source]))
    this.#escaping = escaping
  }

  static async of(project: string, sources: readonly MarkedSource[]): Promise<MutantPlaces> {
    const escaping = new Set<string>()
    for await (const file of glob(ROOMS, { cwd: project }))
      for (const [name] of (await readFile(path.join(project, file), 'utf8')).matchAll(/\w+/g))
        escaping.add(name)
    for (const { text } of sources)
      for (const [, name = ''] of text.matchAll(/(\w+) as \w+/g)) escaping.add(name)
    return new MutantPlaces(sources, escaping)
  }

  /** A source as it was when the run began: it may be edited meanwhile. */
  sourceOf({ file }: Mutant): string {
    return this.#sources.get(file)!.source
  }

  /** One of these; null: nothing says. */
  of(mutant: Mutant): ReadonlySet<number> | null {
    const source = this.#sources.get(mutant.file)
    if (!source) return null
    const place = placeAt(source, mutant.start, mutant.end)
    if (place !== null) return new Set([branchOf(source, mutant) ?? place])
    // A name in the place of another may be looked for elsewhere.
    if (mutant.operator === 'swapped pair') return null
    return this.#usesOf(source, mutant.start, mutant.end, new Set())
  }

  /** Where what is declared there is used; directly, or by what else is declared with it. */
  #usesOf(
    source: MarkedSource,
    start: number,
    end: number,
    known: Set<string>,
  ): Set<number> | null {
    const declaration = source.declarations.find((one) => one.start <= start && end <= one.end)
    if (!declaration || this.#escaping.has(declaration.name)) return null
    const uses = new Set<number>()
    if (known.has(declaration.name)) return uses
    known.add(declaration.name)
    for (const other of this.#sources.values()) {
      for (const { name, at } of other.mentions) {
        if (name !== declaration.name) continue
        const place = placeAt(other, at, at)
        const further = place === null ? this.#usesOf(other, at, at, known) : [place]
        if (!further) return null
        for (const one of further) uses.add(one)
      }
    }
    return uses
  }
}

/** Of the smallest piece of source around it. */
function placeAt({ spans }: MarkedSource, start: number, end: number): number | null {
  let smallest = Infinity
  let found: number | null = null
  for (const span of spans) {
    if (span.start > start || span.end < end || span.end - span.start > smallest) continue
    smallest = span.end - span.start
    found = span.place
  }
  return found
}

/** A condition that is made true more often differs only where it was false. */
function branchOf({ branches }: MarkedSource, mutant: Mutant): number | null {
  const { start, end, operator, original, replacement } = mutant
  for (const branch of branches) {
    if (operator === 'condition' && branch.start === start && branch.end === end)
      return replacement === 'true' ? branch.whenFalse : branch.whenTrue
    if (operator !== 'boundary' && operator !== 'logic') continue
    if (!branch.gaps.some((gap) => gap.start <= start && end <= gap.end)) continue
    return WIDENING.test(original) ? branch.whenFalse : branch.whenTrue
  }
  return null
}
