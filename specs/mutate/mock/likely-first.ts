import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** Files that failed last time first, then short ones: a defect that is seen is seen early. */
export default class LikelyFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const placeOf = (file: TestSpecification): number => {
      const last = this.ctx.cache.getTestSpecificationResult(file)
      return last?.failed ? -1 : (last?.duration ?? 0)
    }
    return files.toSorted((a, b) => placeOf(a) - placeOf(b))
  }
}
