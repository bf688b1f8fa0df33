import { expect, test } from 'vitest'
import { validateConfiguration } from '#sandbox/emulated-plugin/index.ts'
import { compileFilter } from '#sandbox/emulator/compile-filter.ts'

const probe = await compileFilter('sandbox/emulator/fixtures/probe.ts')

test('reports what a plugin makes of a configuration', async () => {
  const verdict = await validateConfiguration(probe, 'refuse')

  expect(verdict).toEqual({
    accepted: false,
    capturing: false,
    messages: [
      { level: 'info', message: 'create 1 of 0' },
      { level: 'info', message: 'configure refuse' },
    ],
  })
  expect(await validateConfiguration(probe, 'trap:configure')).toMatchObject({ accepted: false })
  expect(await validateConfiguration(probe, '')).toMatchObject({ accepted: true, capturing: true })
})
