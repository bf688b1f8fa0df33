import { defineConfig } from 'vitest/config'
import LikelyFirst from './likely-first.ts'

/** Room `mock-moesif` alone, for Stryker, which runs it in one worker. */
export default defineConfig({
  cacheDir: '.cache/vite',
  test: {
    globalSetup: ['specs/support/global-setup.ts'],
    setupFiles: ['specs/support/fixed-seed.ts'],
    include: ['specs/mock-moesif/**/*.test.ts'],
    exclude: [
      '**/*.long.test.ts',
      // In processes of their own no defect is switched on.
      '**/{flood,cli,docs-examples}.test.ts',
      // What takes long on a busy machine is no defect.
      '**/long-queries.test.ts',
    ],
    isolate: false,
    // A busy machine is no defect.
    testTimeout: 120_000,
    hookTimeout: 60_000,
    sequence: { sequencer: LikelyFirst },
  },
})
