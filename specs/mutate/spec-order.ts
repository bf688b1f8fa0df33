import path from 'node:path'
import { roomOf, type Mutant } from './mutant.ts'

/** How many files are tried first. */
const LIKELY = 5

/**
 * Which spec files see a defect, by what has seen others: those that caught one in the same file count most, then in the same
 * room, then those whose name has a word of the file's in it. The others follow, those that take long last.
 */
export class SpecOrder {
  readonly #durations: ReadonlyMap<string, number>
  readonly #catches = new Map<string, number>()

  /** @param durations ms that each file takes without a defect */
  constructor(durations: ReadonlyMap<string, number>) {
    this.#durations = durations
  }

  /** The likely ones, then all others. */
  stages(mutant: Mutant): string[][] {
    const byDuration = [...this.#durations].sort(([, a], [, b]) => a - b).map(([file]) => file)
    const byScore = byDuration.toSorted((a, b) => this.#score(b, mutant) - this.#score(a, mutant))
    const likely = byScore.slice(0, LIKELY)
    const others = byDuration.filter((file) => !likely.includes(file))
    return [likely, others].filter((stage) => stage.length > 0)
  }

  caught(mutant: Mutant, spec: string): void {
    for (const place of [mutant.file, roomOf(mutant), '']) {
      const key = `${place} ${spec}`
      this.#catches.set(key, (this.#catches.get(key) ?? 0) + 1)
    }
  }

  #score(spec: string, mutant: Mutant): number {
    const catches = (place: string) => this.#catches.get(`${place} ${path.basename(spec)}`) ?? 0
    const name = path.basename(spec, '.test.ts')
    const words = [roomOf(mutant), ...path.basename(mutant.file, '.ts').split('-')]
    const shared = words.filter((word) =>
      name.split('-').some((part) => sameStem(part, word)),
    ).length
    return catches(mutant.file) * 100 + catches(roomOf(mutant)) * 10 + shared * 25 + catches('')
  }
}

const sameStem = (a: string, b: string): boolean =>
  a === b || `${a}s` === b || a === `${b}s` || (a.length > 4 && b.startsWith(a.slice(0, 5)))
