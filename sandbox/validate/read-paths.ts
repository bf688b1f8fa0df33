import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Finding } from './finding.ts'

export interface SourceFile {
  file: string
  /** Without a byte order mark. */
  text: string
  /** It was found in a folder, not named. */
  isFound?: boolean
}

const EXTENSIONS = /\.(ya?ml|json)$/i
const SKIPPED = new Set(['node_modules'])

/** The files that paths name: files, and folders with all YAML and JSON files below. */
export async function readPaths(
  paths: readonly string[],
): Promise<{ files: SourceFile[]; findings: Finding[] }> {
  const files: SourceFile[] = []
  const findings: Finding[] = []
  const named = await Promise.all(paths.map(async (path) => await filesAt(path)))
  const given = new Set(paths)
  for (const file of new Set(named.flat())) {
    try {
      // oxlint-disable-next-line no-await-in-loop -- few files, and one open at a time
      const text = decode(await readFile(file))
      files.push({ file, text, isFound: !given.has(file) })
    } catch (error) {
      findings.push(unreadable(file, reasonOf(error as NodeJS.ErrnoException)))
    }
  }
  return { files, findings }
}

async function filesAt(path: string): Promise<string[]> {
  const isFolder = await stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  )
  if (!isFolder) return [path]
  const entries = await readdir(path, { withFileTypes: true })
  const found = await Promise.all(
    entries
      .filter(({ name }) => !name.startsWith('.') && !SKIPPED.has(name))
      .toSorted((a, b) => a.name.localeCompare(b.name))
      .map(async (entry) => {
        if (entry.isDirectory()) return await filesAt(join(path, entry.name))
        return EXTENSIONS.test(entry.name) ? [join(path, entry.name)] : []
      }),
  )
  return found.flat()
}

/** @throws TypeError for what is no UTF-8 */
const decode = (bytes: Uint8Array): string =>
  new TextDecoder('utf-8', { fatal: true }).decode(bytes)

function reasonOf(error: NodeJS.ErrnoException): string {
  if (error instanceof TypeError) return 'it is no text in UTF-8'
  return error.code === 'ENOENT' ? 'there is no such file' : `cannot be read: ${error.message}`
}

const unreadable = (file: string, message: string): Finding => ({
  severity: 'error',
  place: { file, line: 1, column: 1, path: [] },
  message,
})
