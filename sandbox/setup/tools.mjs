import { aptInstall, canInstall } from './apt.mjs'
import { succeeds } from './run.mjs'
import { say } from './say.mjs'

/** Small programs that specs call, each in the Debian package of its name. */
const TOOLS = [
  { name: 'openssl', probe: ['version'], without: 'the specs over TLS fail' },
  { name: 'skopeo', probe: ['--version'], without: 'the released images are not read back' },
]

/** @param {{ mayInstall: boolean }} options */
export async function prepareTools({ mayInstall }) {
  for (const { name, probe, without } of TOOLS) {
    if (await succeeds(name, probe)) continue
    if (mayInstall && (await canInstall()) && (await aptInstall([[name]]))) continue
    say(`No ${name}: ${without}. Install it.`)
  }
}
