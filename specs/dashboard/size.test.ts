import { readdir, readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'

const dist = join(import.meta.dirname, '../../mock-moesif/dashboard/dist')
const index = await readFile(join(dist, 'index.html'), 'utf8')

const compressed = async (names: string[]) => {
  const files = await Promise.all(names.map((name) => readFile(join(dist, name))))
  return files.reduce((sum, file) => sum + gzipSync(file, { level: 9 }).length, 0)
}

/** What these scripts import before they run, and what that imports. */
async function importedBy(scripts: string[]): Promise<Set<string>> {
  const found = new Set<string>()
  const waiting = scripts.filter((name) => name.endsWith('.js'))
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    const text = await readFile(join(dist, name), 'utf8')
    for (const [, other] of text.matchAll(/(?:from|import) ?"\.\/([^"]+\.js)"/g)) {
      const path = join(dirname(name), other ?? '')
      if (found.has(path)) continue
      found.add(path)
      waiting.push(path)
    }
  }
  return found
}

test('what the first view needs is under 40 KiB compressed, and comes from nowhere else', async () => {
  const linked = [...index.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, name]) => name ?? '')
  const imported = await importedBy(linked)

  expect(linked.length).toBeGreaterThanOrEqual(3)
  expect(linked.filter((name) => !name.startsWith('./'))).toEqual([])
  expect(await compressed(['index.html', ...linked, ...imported])).toBeLessThan(40 * 1024)
})

test('the whole page is under 70 KiB compressed', async () => {
  const entries = await readdir(dist, { recursive: true, withFileTypes: true })
  const names = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(dist.length + 1))

  expect(names.length).toBeGreaterThan(4)
  expect(await compressed(names)).toBeLessThan(70 * 1024)
})
