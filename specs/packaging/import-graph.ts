import { existsSync, globSync, readFileSync } from 'node:fs'
import path from 'node:path'

const PROJECT = path.resolve(import.meta.dirname, '../..')
const SOURCES = '{plugin,sandbox,mock-moesif,specs,bench,examples}/**/*.{ts,tsx,mjs}'
const NO_SOURCES = /(^|\/)(node_modules|dist|fixtures)(\/|$)/

export interface Import {
  from: string
  /** Path of the imported file, below the project. */
  to: string
  /** As it is written: `../memory/span`, `#plugin/build/build.ts`. */
  written: string
}

/** A row of the table of rooms in docs/architecture.md. */
export interface Room {
  /** Folders and files, below the project. */
  members: readonly string[]
  /** What it may import. */
  imports: readonly string[]
}

const IMPORT =
  /^\s*(?:import|export)\s+(type\s)?(?:[\w*\s{},$]+?\s+from\s+)?['"]([^'"\n]+)['"]|\bimport\(\s*['"]([^'"\n]+)['"]\s*\)/gm

/** Every import of a file of this project by another, JSON files included. */
export function readImports(): Import[] {
  const files = globSync(SOURCES, { cwd: PROJECT }).filter((file) => !NO_SOURCES.test(file))
  return files.flatMap((from) =>
    importsOf(from).flatMap(({ to, written }) => (to === undefined ? [] : [{ from, to, written }])),
  )
}

/** Names of the packages that these files and all that they import import, types left out; in alphabetical order. */
export function packagesOf(entries: readonly string[]): string[] {
  const files = reachedFrom(entries, (file) => codeOf(file).flatMap(({ to }) => to ?? []))
  const packages = [...entries, ...files]
    .flatMap(codeOf)
    .filter(({ to, written }) => to === undefined && !/^(node:|[#.])/.test(written))
  return [...new Set(packages.map(({ written }) => packageOf(written)))].toSorted()
}

const codeOf = (file: string) =>
  file.endsWith('.json') ? [] : importsOf(file).filter(({ isType }) => !isType)

const packageOf = (written: string): string =>
  written
    .split('/')
    .slice(0, written.startsWith('@') ? 2 : 1)
    .join('/')

function importsOf(from: string): { written: string; to: string | undefined; isType: boolean }[] {
  const text = readFileSync(path.join(PROJECT, from), 'utf8')
  return Array.from(text.matchAll(IMPORT)).map(([, type, fixed, dynamic]) => {
    const written = fixed ?? dynamic ?? ''
    return { written, to: fileOf(from, written), isType: type !== undefined }
  })
}

/** @note AssemblyScript leaves the ending out; texts that a generator writes look like imports and lead nowhere. */
function fileOf(from: string, written: string): string | undefined {
  if (!/^[#.]/.test(written)) return undefined
  const file = written.startsWith('#')
    ? written.slice(1)
    : path.posix.join(path.posix.dirname(from), written)
  return [file, `${file}.ts`].find(
    (name) => /\.\w+$/.test(name) && existsSync(path.join(PROJECT, name)),
  )
}

/** The rooms of the table, with the arrows that it allows. */
export function readRooms(): Room[] {
  const page = readFileSync(path.join(PROJECT, 'docs/architecture.md'), 'utf8')
  const rows = page.split('\n').filter((line) => /^\| `(plugin|sandbox|mock-moesif)\//.test(line))
  return rows.map((row) => {
    const cells = row.split(/(?<!\\)\|/).slice(1, -1)
    const members = namesIn(cells[0] ?? '')
    const home = path.posix.dirname(members[0] ?? '')
    const imports = namesIn(cells.at(-1) ?? '').map((name) =>
      name.includes('/') ? name : `${home}/${name}`,
    )
    return { members, imports }
  })
}

const namesIn = (cell: string): string[] =>
  Array.from(cell.matchAll(/`([^`]+)`/g), ([, name = '']) => name)

/**
 * The arrows inside each folder of the tree, between the files and folders that stand in it: an import from `a/b/c.ts` to
 * `a/d/e.ts` is an arrow from `a/b` to `a/d`.
 */
export function arrowsInFolders(
  imports: readonly Pick<Import, 'from' | 'to'>[],
): (readonly [string, string])[] {
  return imports.map(({ from, to }) => {
    const [here, there] = [from.split('/'), to.split('/')]
    const depth = here.findIndex((name, index) => name !== there[index]) + 1
    return [here.slice(0, depth).join('/'), there.slice(0, depth).join('/')] as const
  })
}

/** The room of a file; undefined when the table has none. */
export const roomOf = (file: string, rooms: readonly Room[]): Room | undefined =>
  rooms.find(({ members }) =>
    members.some((member) => file === member || file.startsWith(`${member}/`)),
  )

/** Circles in a graph: sets of nodes that lead to each other. */
export function circles(arrows: readonly (readonly [string, string])[]): string[][] {
  const next = Map.groupBy(arrows, ([from]) => from)
  const after = (node: string) => next.get(node)?.map(([, to]) => to) ?? []
  const nodes = [...new Set(arrows.flat())].toSorted()
  const reached = new Map(nodes.map((node) => [node, reachedFrom([node], after)]))
  const together = nodes.map((node) =>
    nodes.filter((other) => reached.get(node)?.has(other) && reached.get(other)?.has(node)),
  )
  return [...new Map(together.map((circle) => [circle.join(), circle])).values()].filter(
    (circle) => circle.length > 0,
  )
}

/** What arrows lead to: a start is among it when a circle leads back. */
function reachedFrom(
  starts: readonly string[],
  next: (node: string) => readonly string[],
): Set<string> {
  const found = new Set<string>()
  const open = [...starts]
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    for (const to of next(node)) {
      if (found.has(to)) continue
      found.add(to)
      open.push(to)
    }
  }
  return found
}
