import { BaseSequencer, type TestSpecification } from 'vitest/node'

/**
 * Vitest runs room after room. Some of them mostly wait for Envoy, so their files take turns here, the longest of each room first.
 * Rooms whose files share workers (`isolate: false`) follow one by one: vitest ends such a worker at another room's turn.
 */
export default class MixedSequencer extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const places = new Map<TestSpecification, number>()
    const sorted = await super.sort(files)
    for (const [{ config }, room] of Map.groupBy(sorted, ({ project }) => project))
      for (const [index, file] of room.entries())
        places.set(file, config.isolate ? index / room.length : 1)
    return sorted.toSorted((a, b) => places.get(a)! - places.get(b)!)
  }
}
