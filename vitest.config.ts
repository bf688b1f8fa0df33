import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'
import RoomSequencer from './specs/support/room-sequencer.ts'

/**
 * One project a room. `*.long.test.ts` (soaks, version matrix, ten-fold updates) run only with LONG=1 (`npm run test:long`).
 * Envoy specs share one runtime that `specs/support/global-setup.ts` picks (container or process).
 */
const long = process.env['LONG'] === '1'
const fixedSeed = process.env['FAST_CHECK_SEED'] ? ['specs/support/fixed-seed.ts'] : []
const fuzz = Math.max(1, Number(process.env['FUZZ'] ?? 1))
const room = (name: string, ...setupFiles: string[]) => ({
  extends: true as const,
  test: {
    name,
    // In each room: a root `globalSetup` runs once, without knowing which rooms run.
    globalSetup: ['specs/support/global-setup.ts'],
    setupFiles: [...fixedSeed, ...setupFiles],
    include: long ? [`specs/${name}/**/*.long.test.ts`] : [`specs/${name}/**/*.test.ts`],
    exclude: long ? [] : ['**/*.long.test.ts'],
  },
})

export default defineConfig({
  test: {
    reporters: ['default', './specs/support/closing-line-reporter.ts'],
    // What is waited for takes as long as the machine is busy: no limit is one of speed. Properties that are tried more often take longer.
    testTimeout: (long ? 900_000 : 300_000) * fuzz,
    hookTimeout: 300_000,
    expect: { poll: { timeout: 60_000 } },
    // A list that differs is shown whole, so that a failure that comes once says enough.
    chaiConfig: { truncateThreshold: 1000 },
    // Specs mostly wait, for what Envoys and browsers do: as many workers as cores leave half of two idle. Each warms up by itself.
    maxWorkers: Math.max(4, availableParallelism()),
    // Specs of bodies and batches make garbage of many megabytes: a larger young generation is collected less often.
    execArgv: ['--max-semi-space-size=64'],
    // A worker takes file after file of its room: to start one, and to load what a room needs, takes longer than many a file.
    isolate: false,
    sequence: { sequencer: RoomSequencer },
    passWithNoTests: false,
    projects: [
      room('plugin', 'specs/plugin/support/null-page.ts'),
      room('mock-moesif'),
      room('sandbox'),
      room('envoy'),
      room('packaging'),
      room('istio'),
      room('dashboard'),
    ],
  },
})
