import { run, succeeds } from './run.mjs'
import { say } from './say.mjs'

let updated = false

/** Whether this process may install Debian packages: root on a Debian-like machine, as CI boxes and throwaways are. */
export async function canInstall() {
  return process.getuid?.() === 0 && (await succeeds('apt-get', ['--version']))
}

/**
 * Installs the first of these packages that the machine knows.
 *
 * @param {string[][]} alternatives
 * @returns {Promise<boolean>}
 */
export async function aptInstall(alternatives) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  if (!updated) await run('apt-get', ['update', '-qq'], { env })
  updated = true
  for (const packages of alternatives) {
    say(`Installing Debian packages: ${packages.join(', ')} …`)
    const args = ['install', '-y', '-qq', '--no-install-recommends', ...packages]
    const { code, output } = await run('apt-get', args, { env })
    if (code === 0) return true
    say(`apt-get could not (${output.trim().split('\n').at(-1)})`)
  }
  return false
}
