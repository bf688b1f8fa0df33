/**
 * Makes `dist/`, what `npm pack` ships: Node refuses TypeScript below node_modules, so there it is JavaScript with types,
 * beside the files that are read at run time. The folders keep their places, so that paths relative to a module hold.
 */
import { execFile } from 'node:child_process'
import { cp, glob, readFile, rm, writeFile } from 'node:fs/promises'
import { stripTypeScriptTypes } from 'node:module'
import path from 'node:path'
import { promisify } from 'node:util'
import { buildDashboard } from '#mock-moesif/dashboard/build.ts'
import { buildPlugin } from '#plugin/build/build.ts'

const project = path.resolve(import.meta.dirname, '../..')
const dist = path.join(project, 'dist')
const READ_AT_RUN_TIME = ['mock-moesif/plain-page', 'mock-moesif/dashboard/dist', 'plugin/dist']

const IMPORT = /(\b(?:from|import)\s*\(?\s*)(['"])([#.][^'"]+)\2/g

await buildPlugin()
await buildDashboard()
await rm(dist, { recursive: true, force: true })
await declare()
for await (const declaration of glob('**/*.d.ts', { cwd: dist })) await addModule(declaration)
for (const folder of READ_AT_RUN_TIME)
  await cp(path.join(project, folder), path.join(dist, folder), { recursive: true })

/** Writes the declarations of the entries and of all that they import. */
async function declare(): Promise<void> {
  const tsc = path.join(project, 'node_modules/typescript/bin/tsc')
  try {
    const config = path.join(import.meta.dirname, 'tsconfig.json')
    await promisify(execFile)(process.execPath, [tsc, '-p', config])
  } catch (error) {
    throw new Error(`tsc found errors:\n${(error as { stdout: string }).stdout}`, { cause: error })
  }
}

/** Writes the JavaScript beside a declaration: the source without its types, as Node itself would run it. */
async function addModule(declaration: string): Promise<void> {
  const module = declaration.replace(/\.d\.ts$/, '')
  const source = await readFile(path.join(project, `${module}.ts`), 'utf8')
  const script = stripTypeScriptTypes(source)
  await copyImportedJson(module, script)
  await writeFile(path.join(dist, `${module}.js`), withRelativeImports(module, script))
  const types = await readFile(path.join(dist, declaration), 'utf8')
  await writeFile(path.join(dist, declaration), withRelativeImports(module, types))
}

async function copyImportedJson(module: string, script: string): Promise<void> {
  for (const [, , , target] of script.matchAll(IMPORT)) {
    if (!target?.endsWith('.json')) continue
    const file = fileOf(module, target)
    await cp(path.join(project, file), path.join(dist, file))
  }
}

/** Imports of TypeScript become imports of JavaScript; `#room/file`, which only this repository knows, a relative path. */
function withRelativeImports(module: string, text: string): string {
  return text.replaceAll(IMPORT, (_match, keyword: string, quote: string, target: string) => {
    const relative = path.relative(path.dirname(module), fileOf(module, target))
    const dotted = relative.startsWith('.') ? relative : `./${relative}`
    return keyword + quote + dotted.replace(/\.ts$/, '.js') + quote
  })
}

/** Path of an imported file below the project. */
function fileOf(module: string, target: string): string {
  return target.startsWith('#') ? target.slice(1) : path.join(path.dirname(module), target)
}
