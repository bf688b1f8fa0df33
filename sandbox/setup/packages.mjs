import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { run } from './run.mjs'
import { say } from './say.mjs'

const project = fileURLToPath(new URL('../..', import.meta.url))

/** `npm ci`, unless every package of the lock file is there in its version. */
export async function installPackages() {
  if (await isInstalled()) return
  say('Installing npm packages (first run, or the lock file changed) …')
  const { code, output } = await run('npm', ['ci', '--no-audit', '--no-fund'], { cwd: project })
  if (code !== 0) {
    throw new Error(`npm ci failed (code ${code}); is the package registry reachable?\n${output}`)
  }
}

/** Compared by content: `git checkout` and npm itself touch the files' times. */
async function isInstalled() {
  try {
    const [wanted, present] = await Promise.all(
      ['package-lock.json', 'node_modules/.package-lock.json'].map(readPackages),
    )
    await readFile(`${project}node_modules/.bin/node`)
    return Object.entries(wanted).every(
      ([path, { version, optional }]) =>
        path === '' || present[path]?.version === version || (optional && !present[path]),
    )
  } catch {
    return false
  }
}

/** @param {string} file */
async function readPackages(file) {
  return JSON.parse(await readFile(project + file, 'utf8')).packages
}
