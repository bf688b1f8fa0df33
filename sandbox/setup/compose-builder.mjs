/**
 * The `builder` of docker-compose.yaml: copies the sources into a volume, installs the packages that the containers use there
 * (unless they are those installed last) and builds the plugin and the dashboard (unless their sources are those built last). The
 * checkout gets nothing but plugin/dist.
 */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'

const SOURCE = '/source'
const PROJECT = '/project'
/** What was built, and of what: it outlives the sources, which are copied anew each time. */
const BUILT = `${PROJECT}/.built`
/** What was installed last: the lock file and the list. */
const INSTALLED = `${PROJECT}/node_modules/.installed`
const PACKAGES = `${PROJECT}/sandbox/compose/packages.json`
// Without install scripts: they fetch a Node of their own, which this image already is.
const NPM = ['--ignore-scripts', '--no-audit', '--no-fund']
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

/** Runs a build, or takes its output from the last time when the sources are the same. */
function build(script, room, dist) {
  const key = `${BUILT}/${room}.sources`
  const kept = `${BUILT}/${room}`
  const sources = hashOf(['package-lock.json', room])
  if (read(key) === sources) {
    cpSync(kept, `${PROJECT}/${dist}`, { recursive: true })
    return
  }
  rmSync(key, { force: true })
  rmSync(kept, { recursive: true, force: true })
  run('node', [script])
  cpSync(`${PROJECT}/${dist}`, kept, { recursive: true })
  writeFileSync(key, sources)
}

/** Of the names and contents of files and folders. Nothing is built in them yet. */
function hashOf(parts) {
  const hash = createHash('sha256')
  const add = (name) => {
    const content = readFileSync(`${PROJECT}/${name}`)
    hash.update(`${name}\0${content.length}\0`).update(content)
  }
  for (const part of parts) {
    if (part.includes('.')) add(part)
    else {
      readdirSync(`${PROJECT}/${part}`, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => `${entry.parentPath}/${entry.name}`.slice(PROJECT.length + 1))
        .sort()
        .forEach(add)
    }
  }
  return hash.digest('hex')
}

/** Those of package.json that the containers and their builds import: the others, which specs and checks need, take four times as long. */
function install() {
  const manifest = JSON.parse(read(`${PROJECT}/package.json`))
  const used = JSON.parse(read(PACKAGES))
  const unused = Object.keys({ ...manifest.dependencies, ...manifest.devDependencies }).filter(
    (name) => !used.includes(name),
  )
  run('npm', ['uninstall', '--package-lock-only', ...NPM, '--loglevel=error', ...unused])
  run('npm', ['ci', ...NPM])
  copySource('package.json')
  copySource('package-lock.json')
}

function copySource(part) {
  // Built files of the checkout may be stale, or of another platform.
  rmSync(`${PROJECT}/${part}`, { recursive: true, force: true })
  if (existsSync(`${SOURCE}/${part}`)) {
    cpSync(`${SOURCE}/${part}`, `${PROJECT}/${part}`, {
      recursive: true,
      filter: (path) => !/\/(dist|node_modules|\.cache)$/.test(path),
    })
  }
}

PARTS.forEach(copySource)
const wanted = `${read(`${PROJECT}/package-lock.json`)}${read(PACKAGES)}`
if (read(INSTALLED) !== wanted) {
  install()
  writeFileSync(INSTALLED, wanted)
}
mkdirSync(BUILT, { recursive: true })
build('plugin/build/build.ts', 'plugin', 'plugin/dist')
build('mock-moesif/dashboard/build.ts', 'mock-moesif', 'mock-moesif/dashboard/dist')
const name = 'moesif_envoy_wasm_plugin.wasm'
for (const target of ['/plugin', '/checkout-dist']) {
  mkdirSync(target, { recursive: true })
  // Renamed into place: who reads it meanwhile gets the old or the new module, never half of one.
  cpSync(`${PROJECT}/plugin/dist/${name}`, `${target}/.${name}`)
  renameSync(`${target}/.${name}`, `${target}/${name}`)
}
