import { spawnSync } from 'node:child_process'
import path from 'node:path'
import { expect, test } from 'vitest'

const specs = path.resolve(import.meta.dirname, '..')

test.each([
  ['mutate/mutate.ts', '--file nowhere --min 95', 'No defect can be seeded in nowhere.'],
  ['mutate/mock/mutate-mock.ts', '--file nowhere', 'has "nowhere" in its path.'],
  ['flakes/flakes.ts', '0', 'It is a whole number from 1 on.'],
  ['flakes/flakes.ts', '1 --project nowhere', 'The rooms are sandbox, envoy,'],
])('%s %s judges nothing, and ends with an error', (script, args, message) => {
  const { status, stderr, stdout } = spawnSync(
    process.execPath,
    [path.join(specs, script), ...args.split(' ')],
    { encoding: 'utf8' },
  )

  expect([status, stdout]).toEqual([2, ''])
  expect(stderr).toContain(message)
  expect(stderr).not.toContain('    at ')
})
