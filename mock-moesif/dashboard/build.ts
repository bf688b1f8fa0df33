import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises'
import path from 'node:path'

const room = import.meta.dirname
const output = path.join(room, 'dist')
/** What the page is made of. */
const sources = [
  room,
  path.join(room, '../query'),
  path.join(room, '../client'),
  path.join(room, '../contract'),
  path.join(room, '../model'),
]
const passedOver = new Set(['dist', '.cache'])

/**
 * Builds the page that the mock serves at `/` into `dist`, unless it is newer than its sources.
 *
 * @returns false when there was nothing to do
 */
export async function buildDashboard({ force = false } = {}): Promise<boolean> {
  if (!force && (await isCurrent())) return false
  // Only now: loading the bundler takes longer than looking at the sources.
  const { build } = await import('vite')
  // Beside the target and renamed: a mock that serves the page meanwhile never sees half of it.
  const draft = path.join(room, '.cache', `dist-${process.pid}`)
  const environment = process.env['NODE_ENV']
  // Whatever runs this (a spec sets `test`): the page is always the one that is shipped.
  process.env['NODE_ENV'] = 'production'
  await build({
    configFile: path.join(room, 'vite.config.ts'),
    build: { outDir: draft, emptyOutDir: true },
    logLevel: 'error',
  }).finally(() => {
    if (environment === undefined) delete process.env['NODE_ENV']
    else process.env['NODE_ENV'] = environment
  })
  const old = `${draft}-old`
  await mkdir(output, { recursive: true })
  await rename(output, old)
  await rename(draft, output)
  await rm(old, { recursive: true })
  return true
}

async function isCurrent(): Promise<boolean> {
  const built = await stat(path.join(output, 'index.html')).catch(() => null)
  if (!built) return false
  const times = await Promise.all(sources.map(newestIn))
  return Math.max(...times) <= built.mtimeMs
}

async function newestIn(place: string): Promise<number> {
  const about = await stat(place)
  if (!about.isDirectory()) return about.mtimeMs
  const names = (await readdir(place)).filter((name) => !passedOver.has(name))
  return Math.max(0, ...(await Promise.all(names.map((name) => newestIn(path.join(place, name))))))
}

if (import.meta.main && (await buildDashboard({ force: process.argv.includes('--force') })))
  process.stdout.write(`Built the dashboard: ${output}\n`)
