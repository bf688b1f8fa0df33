import { readFile, stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { envoyFile } from '../envoy/options.ts'
import type { EnvoyJson } from '../envoy/envoy-json.ts'
import { field, messagesWithin, setField } from './proto-json.ts'

/** A certificate or a script is smaller; larger files are not copied. */
const MOST_BYTES = 16 << 20

/** A file of this machine that a configuration names: a certificate, a key, a script … */
export interface ReferencedFile {
  path: string
  /** Its name among the files that the sandbox gives Envoy. */
  name: string
  content: Uint8Array
}

/** The files that exist. Envoy itself reports a missing one. */
export async function readReferencedFiles(contents: EnvoyJson[]): Promise<ReferencedFile[]> {
  const paths = new Set(contents.flatMap((content) => references(content).map(({ path }) => path)))
  const files = Array.from(paths, async (path, index) => {
    const found = await stat(path).catch(() => undefined)
    if (!found?.isFile() || found.size > MOST_BYTES) return []
    return [{ path, name: `own-${index}-${basename(path)}`, content: await readFile(path) }]
  })
  return (await Promise.all(files)).flat()
}

/** Lets a configuration read the copies; gives those that it reads. */
export function readCopies(content: EnvoyJson, files: readonly ReferencedFile[]): ReferencedFile[] {
  return references(content).flatMap(({ message, path }) => {
    const file = files.find((known) => known.path === path)
    if (!file) return []
    setField(message, 'filename', envoyFile(file.name))
    return [file]
  })
}

/** Every `filename` of a data source. */
const references = (content: EnvoyJson): { message: EnvoyJson; path: string }[] =>
  Array.from(messagesWithin(content)).flatMap(({ message }) => {
    const path = field(message, 'filename')
    return typeof path === 'string' ? [{ message, path }] : []
  })
