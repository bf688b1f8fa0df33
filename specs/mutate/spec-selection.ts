import path from 'node:path'
import { roomOf, type Mutant } from './mutant.ts'
import type { Coverage, SpecFile } from './places/measure-coverage.ts'
import { PlaceSet } from './places/place-set.ts'

/** Some specs of a file, with what takes how long without a defect, ms. */
export interface SelectedSpecs {
  file: string
  loadMs: number
  specs: readonly { id: string; ms: number }[]
}

interface MeasuredSpec {
  id: string
  ms: number
  places: PlaceSet
  /** How many. */
  size: number
}

interface MeasuredFile extends Omit<SpecFile, 'places' | 'specs'> {
  places: PlaceSet
  specs: MeasuredSpec[]
}

/** To give a file to the worker, ms. */
const FILE_MS = 40

/**
 * Which specs can see a defect, because they run its place, by how likely they are to see it for the time they take: those that
 * have caught one in the same file or room, those that run little else, those of a file whose name has a word of the defect's file in it.
 */
export class SpecSelection {
  readonly #files: readonly MeasuredFile[]
  readonly #catches = new Map<string, number>()

  constructor({ files }: Coverage) {
    this.#files = files.map((file) => ({
      ...file,
      places: PlaceSet.parse(file.places),
      specs: file.specs.map(({ id, ms, places: text }) => {
        const places = PlaceSet.parse(text)
        return { id, ms, places, size: places.size }
      }),
    }))
  }

  /** @param places of which one must run; null when nothing is known of that */
  select(mutant: Mutant, places: ReadonlySet<number> | null): SelectedSpecs[] {
    const selected = this.#files.flatMap((file) => {
      const specs = specsThatRun(file, places)
      if (specs.length === 0) return []
      const ms = specs.reduce((sum, spec) => sum + spec.ms, file.loadMs)
      const worth = this.#likelihood(file, specs, mutant) / (ms + FILE_MS)
      return [{ file: file.file, loadMs: file.loadMs, specs, worth }]
    })
    return selected.sort((a, b) => b.worth - a.worth)
  }

  caught(mutant: Mutant, spec: string): void {
    for (const place of [mutant.file, roomOf(mutant), '']) {
      const key = `${place} ${spec}`
      this.#catches.set(key, (this.#catches.get(key) ?? 0) + 1)
    }
  }

  #likelihood({ file }: MeasuredFile, specs: readonly MeasuredSpec[], mutant: Mutant): number {
    const catches = (place: string) => this.#catches.get(`${place} ${path.basename(file)}`) ?? 0
    const name = path.basename(file, '.test.ts')
    const words = [roomOf(mutant), ...path.basename(mutant.file, '.ts').split('-')]
    const shared = words.filter((word) => name.split('-').some((part) => sameStem(part, word)))
    const special = specs.reduce((sum, { size }) => sum + 1 / (size + 100), 0) * 100
    return (
      catches(mutant.file) * 20 +
      catches(roomOf(mutant)) * 4 +
      catches('') * 0.2 +
      shared.length * 8 +
      special
    )
  }
}

function specsThatRun(
  { isUnknown, isWhole, places: between, specs }: MeasuredFile,
  places: ReadonlySet<number> | null,
): readonly MeasuredSpec[] {
  if (isUnknown) return specs
  // The defect can be anywhere, but not in what runs nothing of the plugin.
  const isRunBy = (set: PlaceSet) =>
    places ? [...places].some((place) => set.has(place)) : !set.isEmpty
  if (isRunBy(between)) return specs
  const running = specs.filter((spec) => isRunBy(spec.places))
  return isWhole && running.length > 0 ? specs : running
}

const sameStem = (a: string, b: string): boolean =>
  a === b || `${a}s` === b || a === `${b}s` || (a.length > 4 && b.startsWith(a.slice(0, 5)))
