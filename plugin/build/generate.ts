import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { configurationPage } from './configuration-page.ts'
import { readOptionSchema } from './option-schema.ts'
import { optionTable } from './option-table.ts'

const project = path.resolve(import.meta.dirname, '../..')

/** The checked-in files that are made from others: path from the project's root -> content. */
export async function generatedFiles(): Promise<Map<string, string>> {
  const options = await readOptionSchema(project)
  const manifest = await readFile(path.join(project, 'package.json'), 'utf8')
  const { version } = JSON.parse(manifest) as { version: string }
  return new Map([
    ['plugin/assembly/config/option-table.ts', optionTable(options)],
    ['plugin/assembly/config/version.ts', versionModule(version)],
    ['docs/configuration.md', configurationPage(options)],
  ])
}

function versionModule(version: string): string {
  return [
    '// Written by plugin/build/generate.ts from package.json.',
    "import { utf8 } from '../memory/span'",
    '',
    '/** Name and version, as sent to the collector. */',
    `export const PLUGIN = utf8('moesif-envoy-wasm-plugin/${version}')`,
    '',
  ].join('\n')
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const [file, content] of await generatedFiles()) {
    await writeFile(path.join(project, file), content)
    console.log(file)
  }
}
