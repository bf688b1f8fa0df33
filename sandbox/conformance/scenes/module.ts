import { stat } from 'node:fs/promises'
import { sentenceAbout } from '../about.ts'
import { that } from '../expectation.ts'
import { defineScene } from '../scene.ts'
import { BENCH } from '../sources.ts'

/** What is paid for the file alone. */
export const moduleSize = defineScene<{ bytes: number }>({
  name: 'module',
  sentences: [
    sentenceAbout(
      {
        id: 'cost-module-size',
        group: 'cost',
        level: 'full',
        says: 'The module has at most 128 KiB',
        source: BENCH,
        look: ({ bytes }) => ({ bytes }),
        expected: that('at most 131072 bytes', ({ bytes }) => bytes <= 131_072),
      },
      (observed: { bytes: number }) => observed,
      () => ({}),
    ),
  ],
  observe: async ({ wasm }) => ({ bytes: (await stat(wasm)).size }),
})
