import { expect, test } from 'vitest'
import { TheirProject } from './their-project.ts'

/** The major that the peer range takes beside the one that the specs run on. */
test.each([
  ['4.1.12', '5.9.3'],
  ['~4.0.0', '5.9.3'],
])(
  'handlers, matchers and types work with vitest %s and TypeScript %s',
  async (vitest, typescript) => {
    const packages = [`vitest@${vitest}`, `typescript@${typescript}`, '@types/node@26']
    await using theirs = await TheirProject.create(packages)

    expect(await theirs.vitest()).toMatch(/Tests\s+1 passed/)
    await theirs.checkTypes()
  },
  600_000,
)
