import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { expect, test } from 'vitest'
import { generatedFiles } from '#plugin/build/generate.ts'

const project = path.resolve(import.meta.dirname, '../..')

test('files made from the schema are up to date: run `npm run generate`', async () => {
  for (const [file, content] of await generatedFiles()) {
    const checkedIn = await readFile(path.join(project, file), 'utf8')
    expect(checkedIn, file).toBe(content)
  }
})
