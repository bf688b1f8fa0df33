/**
 * `npm test [-- OPTIONS]`: runs the specs. Beside vitest's own options it takes
 *
 * - `--screenshots`: keeps the pictures of the dashboard that the documentation shows; `--screenshots=all`, one of every view
 * - `--long`: soaks, version matrix and ten-fold updates instead of the short specs
 */
import { spawn } from 'node:child_process'
import path from 'node:path'

const vitest = path.resolve(import.meta.dirname, '../node_modules/vitest/vitest.mjs')

const env = { ...process.env }
const passedOn = process.argv.slice(2).filter((argument) => {
  if (argument === '--long') env['LONG'] = '1'
  else if (argument === '--screenshots') env['SCREENSHOTS'] = '1'
  else if (argument === '--screenshots=all') env['SCREENSHOTS'] = 'all'
  else return true
  return false
})

const child = spawn(process.execPath, [vitest, 'run', ...passedOn], { stdio: 'inherit', env })
// Ctrl-C reaches vitest by itself: it stops what the specs have started, and then so do we.
process.on('SIGINT', () => {})
process.on('SIGTERM', () => child.kill('SIGTERM'))
child.once('exit', (code) => (process.exitCode = code ?? 1))
