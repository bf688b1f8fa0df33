/**
 * The `builder` of docker-compose.yaml: copies the sources into a volume, installs the packages there (unless the lock
 * file is the one installed last) and builds the plugin and the dashboard. The checkout gets nothing but plugin/dist.
 */
import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs'

const SOURCE = '/source'
const PROJECT = '/project'
const PARTS = [
  'package.json',
  'package-lock.json',
  'tsconfig.json',
  '.npmrc',
  'plugin',
  'sandbox',
  'mock-moesif',
]

const read = (file) => (existsSync(file) ? readFileSync(file, 'utf8') : undefined)

function run(command, args) {
  const { status, error } = spawnSync(command, args, { cwd: PROJECT, stdio: 'inherit' })
  if (status !== 0) {
    console.error(`${command} ${args.join(' ')} failed${error ? `: ${error.message}` : ''}`)
    process.exit(1)
  }
}

const installed = read(`${PROJECT}/node_modules/.installed-lock`)
for (const part of PARTS) {
  // Built files of the checkout may be stale, or of another platform.
  rmSync(`${PROJECT}/${part}`, { recursive: true, force: true })
  if (existsSync(`${SOURCE}/${part}`)) {
    cpSync(`${SOURCE}/${part}`, `${PROJECT}/${part}`, {
      recursive: true,
      filter: (path) => !/\/(dist|node_modules)$/.test(path),
    })
  }
}
if (installed !== read(`${PROJECT}/package-lock.json`)) {
  // Without install scripts: they fetch a Node of their own, which this image already is.
  run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'])
  cpSync(`${PROJECT}/package-lock.json`, `${PROJECT}/node_modules/.installed-lock`)
}
run('node', ['plugin/build/build.ts'])
run('node', ['mock-moesif/dashboard/build.ts'])
const name = 'moesif_envoy_wasm_plugin.wasm'
for (const target of ['/plugin', '/checkout-dist']) {
  mkdirSync(target, { recursive: true })
  // Renamed into place: who reads it meanwhile gets the old or the new module, never half of one.
  cpSync(`${PROJECT}/plugin/dist/${name}`, `${target}/.${name}`)
  renameSync(`${target}/.${name}`, `${target}/${name}`)
}
