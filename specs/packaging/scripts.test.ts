import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { expect, test } from 'vitest'

test('what prepares a machine has a shell of its own', async () => {
  const manifest = await readFile(path.resolve(import.meta.dirname, '../../package.json'), 'utf8')
  const { scripts } = JSON.parse(manifest) as { scripts: Record<string, string> }

  const preparing = Object.values(scripts).filter((line) => line.includes('prepare.mjs'))
  expect(preparing.length).toBeGreaterThan(0)
  // A shell remembers where it found `node`: behind `&&` it would be the machine's, not the one that was just installed.
  for (const line of preparing) expect(line).toMatch(/^node sandbox\/setup\/prepare\.mjs( --\S+)?$/)
})
