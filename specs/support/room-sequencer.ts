import { hash } from 'node:crypto'
import path from 'node:path'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** Those whose files take long come first, those of many short files last: then no worker is left alone with a long one. */
export const ROOMS = [
  'sandbox',
  'envoy',
  'istio',
  'packaging',
  'dashboard',
  'mock-moesif',
  'plugin',
]

/**
 * Room after room, since a worker ends at another room's turn; in each the longest files first. Where specs are shuffled, files are, too.
 *
 * @note `sequence.shuffle.files` chooses a sequencer where none is configured, and does nothing else.
 */
export default class RoomSequencer extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const { root, sequence } = this.ctx.config
    const sorted = sequence.shuffle ? shuffled(files, root, sequence.seed) : await super.sort(files)
    return sorted.toSorted((a, b) => placeOf(a) - placeOf(b))
  }
}

const placeOf = ({ project }: TestSpecification): number => ROOMS.indexOf(project.name)

/** The same order for the same seed, whatever order the files were found in. */
function shuffled(files: TestSpecification[], root: string, seed: number): TestSpecification[] {
  const drawn = files.map((file) => {
    const name = path.relative(root, file.moduleId)
    return { file, key: hash('sha1', `${seed} ${name}`) }
  })
  return drawn.toSorted((a, b) => (a.key < b.key ? -1 : 1)).map(({ file }) => file)
}
