/**
 * `npm test [-- OPTIONS]`: runs the specs. Beside vitest's own options it takes
 *
 * - `--screenshots`: keeps the pictures of the dashboard that the documentation shows; `--screenshots=all`, one of every view
 * - `--long`: soaks, version matrix and ten-fold updates instead of the short specs
 */
import { endWithNpm } from '#mock-moesif/end-with-npm.ts'
import { runVitest } from '#specs/support/vitest-process.ts'

const env = { ...process.env }
const passedOn = process.argv.slice(2).filter((argument) => {
  if (argument === '--long') env['LONG'] = '1'
  else if (argument === '--screenshots') env['SCREENSHOTS'] = '1'
  else if (argument === '--screenshots=all') env['SCREENSHOTS'] = 'all'
  else return true
  return false
})

endWithNpm()
const stop = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.on(signal, () => stop.abort())
process.exitCode = await runVitest(passedOn, { stdio: 'inherit', env, stop: stop.signal })
