import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'

const dist = join(import.meta.dirname, '../../mock-moesif/dashboard/dist')

test('the whole page is under 40 KiB compressed, and loads nothing from elsewhere', async () => {
  const names = await readdir(dist, { recursive: true, withFileTypes: true })
  const files = await Promise.all(
    names
      .filter((entry) => entry.isFile())
      .map((entry) => readFile(join(entry.parentPath, entry.name))),
  )

  const compressed = files.reduce((sum, file) => sum + gzipSync(file, { level: 9 }).length, 0)
  expect(files.length).toBeGreaterThanOrEqual(3)
  expect(compressed).toBeLessThan(40 * 1024)
  expect(await readFile(join(dist, 'index.html'), 'utf8')).not.toMatch(
    /(?:src|href)="(?:https?:)?\/\//,
  )
})
