import { glob, readFile } from 'node:fs/promises'
import path from 'node:path'
import type * as assemblyscript from 'assemblyscript'
import type { Mutant } from './mutant.ts'
import { nodeKind } from './node-kind.ts'
import { changesAt } from './operators.ts'
import { childrenOf, parseSource } from './parse-source.ts'

type Node = assemblyscript.Node

/** Nodes within which nothing is a defect: types, imports, decorators. */
const skipped = new Set<number>([
  nodeKind.NamedType,
  nodeKind.FunctionType,
  nodeKind.Import,
  nodeKind.ImportDeclaration,
  nodeKind.Export,
  nodeKind.Decorator,
])

/** Every defect that can be seeded into plugin/assembly, in order of place; positions are of AssemblyScript's own parser. */
export async function findMutants(project: string): Promise<Mutant[]> {
  const files: string[] = []
  for await (const file of glob('plugin/assembly/**/*.ts', { cwd: project })) files.push(file)
  const mutants = await Promise.all(files.sort().map((file) => mutantsOf(project, file)))
  return mutants.flat()
}

async function mutantsOf(project: string, file: string): Promise<Mutant[]> {
  const source = await readFile(path.join(project, file), 'utf8')
  const parsed = parseSource(source, file)
  const mutants: Mutant[] = []
  const seen = new Set<string>()
  for (const node of nodesOf(parsed)) {
    for (const change of changesAt(node, source)) {
      const key = `${change.start} ${change.end} ${change.replacement}`
      const original = source.slice(change.start, change.end)
      if (seen.has(key) || original === change.replacement) continue
      seen.add(key)
      const before = source.slice(0, change.start)
      const line = before.split('\n').length
      const column = change.start - before.lastIndexOf('\n')
      mutants.push({ file, ...change, original, line, column })
    }
  }
  return mutants.sort((a, b) => a.start - b.start || a.end - b.end)
}

/** The node and all below it, whatever their kinds. */
function* nodesOf(node: Node): Generator<Node> {
  if (skipped.has(node.kind)) return
  yield node
  for (const child of childrenOf(node)) yield* nodesOf(child)
}
