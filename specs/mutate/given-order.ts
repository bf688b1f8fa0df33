import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** The files run in the order in which they are given. */
export class GivenOrder extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return files
  }
}
