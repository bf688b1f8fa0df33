/**
 * Makes `dist/`, what `npm pack` ships: Node refuses TypeScript below node_modules, so there it is JavaScript with types,
 * beside the files that are read at run time. Modules keep their places, so that paths relative to them hold.
 */
import { cp, readFile } from 'node:fs/promises'
import path from 'node:path'
import { build } from 'tsdown'
import { buildDashboard } from '#mock-moesif/dashboard/build.ts'
import { buildPlugin } from '#plugin/build/build.ts'

const project = path.resolve(import.meta.dirname, '../..')
const READ_AT_RUN_TIME = ['mock-moesif/plain-page', 'mock-moesif/dashboard/dist', 'plugin/dist']

/** The sources of what package.json has in `exports` and `bin`: what they import is checked and declared, nothing else. */
const tsconfig = path.join(import.meta.dirname, 'tsconfig.json')
const { files } = JSON.parse(await readFile(tsconfig, 'utf8')) as { files: string[] }

await buildPlugin()
await buildDashboard()
await build({
  config: false,
  cwd: project,
  entry: files.map((file) => path.resolve(import.meta.dirname, file)),
  tsconfig,
  outDir: 'dist',
  root: project,
  format: 'esm',
  platform: 'node',
  target: 'node22.22',
  unbundle: true,
  fixedExtension: false,
  dts: true,
  sourcemap: false,
  logLevel: 'error',
})
for (const folder of READ_AT_RUN_TIME)
  await cp(path.join(project, folder), path.join(project, 'dist', folder), { recursive: true })
